/** Bytes that are too many to hold: they are read while they are sent. */
export interface SizedStream {
  /** How many bytes there are; a packet's header says it before the first of them. */
  readonly size: number;
  /** Gives them from the beginning; called again if the job has to be submitted again. */
  open(): AsyncIterable<Uint8Array>;
}

/** The data of a packet that is sent. */
export type Payload = Uint8Array | SizedStream;

export function isSizedStream(data: unknown): data is SizedStream {
  return typeof data === "object" && data !== null && "open" in data && "size" in data;
}

/** The stream's bytes; throws when they turn out more or fewer than it said. */
export async function* exactly(stream: SizedStream): AsyncGenerator<Uint8Array> {
  let left = stream.size;
  for await (const bytes of stream.open()) {
    left -= bytes.byteLength;
    if (left < 0) throw new RangeError("there are more bytes than its size says");
    yield bytes;
  }
  if (left > 0) throw new RangeError(`${left} bytes are missing`);
}
