/**
 * The lines of a stream of bytes, without their LF; a last line need not be ended.
 *
 * @param {AsyncIterable<Buffer>} source
 * @returns {AsyncGenerator<Buffer>}
 */
export async function* lines(source) {
  /** @type {Buffer[]} */
  let open = []
  for await (const chunk of source) {
    let from = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const rest = chunk.subarray(from, end)
      yield open.length === 0 ? rest : Buffer.concat([...open, rest])
      open = []
      from = end + 1
    }
    if (from < chunk.length) open.push(chunk.subarray(from))
  }
  if (open.length > 0) yield Buffer.concat(open)
}
