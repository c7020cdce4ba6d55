/** A block of a frame: its kind, the size in its header (by default that of its content) and its content. */
export interface HandBlock {
  kind: 'raw' | 'RLE' | 'compressed'
  content: Uint8Array
  size?: number
}

export interface HandFrame {
  /** Header behind the magic number; by default no content size, a window of 1 MiB, no checksum. */
  header?: readonly number[]
  blocks: readonly HandBlock[]
  checksum?: Uint8Array
}

/** A frame as RFC 8878 has it, with whatever it is asked to say. */
export function zstdFrame({ header = [0, 10 << 3], blocks, checksum }: HandFrame): Buffer {
  const parts: Uint8Array[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, ...header])]
  for (const [i, { kind, content, size = content.length }] of blocks.entries()) {
    const last = i === blocks.length - 1 ? 1 : 0
    const head = last | (['raw', 'RLE', 'compressed'].indexOf(kind) << 1) | (size << 3)
    parts.push(Buffer.from([head & 255, (head >> 8) & 255, head >> 16]), content)
  }
  return Buffer.concat([...parts, checksum ?? Buffer.alloc(0)])
}

export interface Sequences {
  /** Raw literals, or a byte and how often it stands there. */
  literals: Uint8Array | { byte: number; times: number }
  count: number
  /** Modes of literal lengths, offsets and match lengths: 0 predefined, 1 RLE, 2 FSE, 3 repeat. */
  modes: readonly [number, number, number]
  /** The descriptions of the tables. */
  tables: readonly number[]
  /** Values in the order of reading, each with its number of bits. */
  bits: readonly (readonly [value: number, bits: number])[]
}

/** A compressed block whose literals have the longest of their headers, and its count of sequences the shortest. */
export function compressedBlock({ literals, count, modes, tables, bits }: Sequences): HandBlock {
  const isRaw = literals instanceof Uint8Array
  const size = isRaw ? literals.length : literals.times
  const head = (isRaw ? 0 : 1) | (3 << 2) | (size << 4)
  const counted =
    count < 128
      ? [count]
      : count < 0x7f00
        ? [128 + (count >> 8), count & 255]
        : [255, (count - 0x7f00) & 255, (count - 0x7f00) >> 8]
  const content = Buffer.concat([
    Buffer.from([head & 255, (head >> 8) & 255, (head >> 16) & 255]),
    isRaw ? literals : Buffer.from([literals.byte]),
    Buffer.from([...counted, (modes[0] << 6) | (modes[1] << 4) | (modes[2] << 2), ...tables]),
    backward(bits),
  ])
  return { kind: 'compressed', content }
}

/** What is read first stands highest, below the bit that marks the end. */
function backward(bits: readonly (readonly [number, number])[]): Buffer {
  let all = 1n
  for (const [value, width] of bits) all = (all << BigInt(width)) | BigInt(value)
  const bytes: number[] = []
  for (; all > 0n; all >>= 8n) bytes.push(Number(all & 255n))
  return Buffer.from(bytes)
}
