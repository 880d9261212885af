/** THE table of what the server counts at its connections. Statistics, metrics and docs are made from it. */
export const CONNECTION_COUNTERS = {
  accepted: "connections accepted",
  dropped: "connections closed on accept: too many in all, or from one address",
  closed: "connections gone, for whatever reason",
  handshakesFailed: "TLS handshakes that failed or took too long",
  bytesIn: "bytes read",
  bytesOut: "bytes handed to the kernel",
  packets: "packets read",
  lines: "text commands read",
  errors: "ERROR packets sent",
  oversized: "packets refused by their declared size, or because unfinished packets hold too much memory",
  violations: "connections closed because what they sent is of no protocol",
  foreign: "of these, connections that spoke HTTP, SSH or TLS to the job port",
  stalledInput: "connections cut because a packet or line made no progress, or none ever came",
  stalledOutput: "connections cut because they took no output",
  outputLimit: "connections cut because too much output waited for them",
} as const;

export type ConnectionCounters = Record<keyof typeof CONNECTION_COUNTERS, number>;
