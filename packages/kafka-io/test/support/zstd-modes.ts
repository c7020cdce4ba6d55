/**
 * Counts what the frames of an input are made of: kinds of blocks, of literals and of tables, by the headers alone
 * (RFC 8878, 3.1). For frames that are whole.
 */
export function countZstdModes(input: Uint8Array, into: Map<string, number>): void {
  const count = (mode: string) => into.set(mode, (into.get(mode) ?? 0) + 1)
  let at = 0
  while (at < input.length) {
    if (uint(input, at, 4) !== 0xfd2fb528) {
      count('skippable frame')
      at += 8 + uint(input, at + 4, 4)
      continue
    }
    const flags = input[at + 4]!
    const isSingle = (flags & 32) !== 0
    const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >>> 6]!
    count(`content size of ${sizeBytes} bytes`)
    count(isSingle ? 'single segment' : 'window descriptor')
    count(flags & 4 ? 'checksum' : 'no checksum')
    at += 5 + (isSingle ? 0 : 1) + sizeBytes
    for (let last = false; !last; ) {
      const head = uint(input, at, 3)
      last = (head & 1) !== 0
      const kind = (head >>> 1) & 3
      const size = head >>> 3
      count(`block: ${['raw', 'RLE', 'compressed'][kind]}`)
      if (kind === 2) countBlock(input, at + 3, count)
      at += 3 + (kind === 1 ? 1 : size)
    }
    at += flags & 4 ? 4 : 0
  }
}

function countBlock(input: Uint8Array, at: number, count: (mode: string) => void): void {
  const kind = input[at]! & 3
  const format = (input[at]! >>> 2) & 3
  if (kind < 2) {
    const length = format === 1 ? 2 : format === 3 ? 3 : 1
    count(`literals: ${kind === 0 ? 'raw' : 'RLE'}, header of ${length}`)
    at += length + (kind === 1 ? 1 : Math.floor(uint(input, at, length) / (length === 1 ? 8 : 16)))
  } else {
    const length = Math.max(3, format + 2)
    const bits = [10, 10, 14, 18][format]!
    const streams = format === 0 ? 'one stream' : 'four streams'
    count(`literals: ${kind === 2 ? 'Huffman' : 'treeless'}, ${streams}`)
    count(`literals: Huffman, header of ${length}`)
    if (kind === 2) count(`weights: ${input[at + length]! < 128 ? 'FSE' : 'direct'}`)
    at += length + Math.floor(uint(input, at, length) / 2 ** (4 + bits))
  }
  const first = input[at]!
  const bytes = first < 128 ? 1 : first < 255 ? 2 : 3
  count(`sequences: ${first === 0 ? 'none' : `count of ${bytes}`}`)
  if (first === 0) return
  const modes = input[at + bytes]!
  for (const [what, shift] of [
    ['lengths', 6],
    ['offsets', 4],
    ['matches', 2],
  ] as const) {
    count(`${what}: ${['predefined', 'RLE', 'FSE', 'repeat'][(modes >>> shift) & 3]}`)
  }
}

function uint(bytes: Uint8Array, at: number, length: number): number {
  let value = 0
  for (let i = length - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!
  return value
}
