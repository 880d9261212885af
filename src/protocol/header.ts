/** The header of a packet. PROTOCOL: Binary Packet */
export const HEADER_SIZE = 12;
/** "\0REQ" as a big-endian number. */
export const REQUEST_MAGIC = 0x00524551;
/** "\0RES" as a big-endian number. */
export const RESPONSE_MAGIC = 0x00524553;
/** Bytes of one NUL-terminated argument, and of a text line, at the most; as gearmand. */
export const MAX_ARGUMENT = 8191;
/** Bytes of a unique or a reducer, at the most. */
export const MAX_UNIQUE = 64;
/** Bytes of a handle, at the most; as gearmand. */
export const MAX_HANDLE = 63;
/** Bytes of the last argument of a packet without data, at the most; as gearmand. */
export const MAX_LAST_ARGUMENT = 8192;
