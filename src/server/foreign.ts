/** Other protocols that reach the job port by mistake or malice: a POST body must not be run as text commands. */

const HTTP_VERBS = new Set(["GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "PATCH", "CONNECT", "TRACE"]);

/** The first bytes of a TLS ClientHello: handshake record, version 3.x. */
export function isTlsHello(chunk: Buffer): boolean {
  return chunk[0] === 0x16 && (chunk.length === 1 || chunk[1] === 0x03);
}

/** Whether the first line of a connection is one of HTTP or SSH. */
export function isForeignLine(line: string): boolean {
  const [word = ""] = line.split(" ", 1);
  return line.startsWith("SSH-") || (word !== line && HTTP_VERBS.has(word));
}

/** Whether any line is the first one of an HTTP request, whatever its verb: no command of one argument ends so. */
export function isHttpRequest(line: string): boolean {
  return /^ *\S+ \S+ HTTP\/\d(\.\d)?\r?$/i.test(line) && !/^(create|drop|cancel|maxqueue) /i.test(line);
}
