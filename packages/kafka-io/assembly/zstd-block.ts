// Compressed blocks of zstd (RFC 8878, 3.1.1.3): literals, and sequences that use them. Frames and the other kinds of
// blocks are the host's.
import { decodeFourStreams, decodeStream, readTree } from './zstd-huffman'
import { badLiterals, executeSequences, forgetSequences, makeSequenceTables } from './zstd-sequences'

const mostLiterals: u32 = 128 * 1024
// Copies read up to 15 bytes beyond them.
const literalBuffer = memory.data(128 * 1024 + 64, 64)

let hasTables = false
let hasTree = false

/** To be called before the blocks of each frame. */
export function beginZstdFrame(): void {
  if (!hasTables) makeSequenceTables()
  hasTables = true
  hasTree = false
  forgetSequences()
}

/**
 * Decodes the compressed block `[from, to)` to `out`. Matches may reach back to `start`, the beginning of the frame's
 * output or of its window. Copies write up to 31 bytes beyond their end, and up to 64 around the input are read.
 *
 * @returns the end of what was written, at most `end`; or what is wrong
 */
export function decodeZstdBlock(from: usize, to: usize, start: usize, out: usize, end: usize): usize {
  if (from >= to) return badLiterals
  const head = load<u64>(from)
  const kind = <u32>head & 3
  const format = (<u32>head >> 2) & 3
  let literals = literalBuffer
  let size: u32
  if (kind < 2) {
    const headLength: usize = format === 1 ? 2 : format === 3 ? 3 : 1
    size =
      format === 1
        ? (<u32>head >> 4) & 0xfff
        : format === 3
          ? (<u32>head >> 4) & 0xfffff
          : (<u32>head & 255) >> 3
    from += headLength
    const stored = kind === 0 ? <usize>size : 1
    if (size > mostLiterals || from > to || stored > to - from) return badLiterals
    if (kind === 0) literals = from
    else memory.fill(literals, load<u8>(from), size)
    from += stored
  } else {
    const width: u64 = format < 2 ? 10 : format === 2 ? 14 : 18
    size = <u32>((head >> 4) & (((<u64>1) << width) - 1))
    const stored = <usize>((head >> (4 + width)) & (((<u64>1) << width) - 1))
    from += format < 2 ? 3 : format + 2
    if (size > mostLiterals || from > to || stored > to - from) return badLiterals
    const literalsTo = from + stored
    if (kind === 2) {
      from = readTree(from, literalsTo)
      if (from === 0) return badLiterals
      hasTree = true
    }
    if (!hasTree) return badLiterals
    const isWhole =
      format === 0
        ? decodeStream(from, literalsTo, literals, size)
        : decodeFourStreams(from, literalsTo, literals, size)
    if (!isWhole) return badLiterals
    from = literalsTo
  }
  return executeSequences(from, to, literals, literals + size, start, out, end)
}
