const LF = 10;

/** The lines of a stream of bytes, with their line ends; the last one may have none. */
export async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let begun: Uint8Array[] = [];
  for await (const chunk of input) {
    let from = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
      yield Buffer.concat([...begun, chunk.subarray(from, end + 1)]);
      begun = [];
      from = end + 1;
    }
    if (from < chunk.length) begun.push(chunk.subarray(from));
  }
  if (begun.length > 0) yield Buffer.concat(begun);
}

/** C cuts the last byte, whatever it is. */
export const withoutLineEnd = (line: Buffer): Buffer => (line.at(-1) === LF ? line.subarray(0, -1) : line);
