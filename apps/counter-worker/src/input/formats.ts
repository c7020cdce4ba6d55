/** A format that is not read, and how to make JSON lines of it. */
export interface ForeignFormat {
  readonly name: string
  /** A shell command that writes JSON lines to stdout. @param file a word of a shell */
  readonly command: (file: string) => string
  /** The same from stdin to stdout; null: the format is not read from a pipe. */
  readonly filter: string | null
}

/** Bytes after which every format is known. */
export const headSize = 512

/**
 * The binary format or the wide encoding that an input begins with; null for everything that may be text, which is read.
 *
 * @param head the first bytes, up to 512: of fewer, some formats are not known
 */
export function formatOf(head: Uint8Array): ForeignFormat | null {
  const found = signatures.find(
    ({ bytes, isSure }) => startsWith(head, bytes) && (isSure === undefined || isSure(head)),
  )
  if (found !== undefined) return found.format
  if (isTar(head)) return tar
  return wideEncodingOf(head)
}

const filter = (name: string, words: string, ofFile = words): ForeignFormat => ({
  name,
  command: (file) => `${ofFile} ${file}`,
  filter: words,
})
const fileOnly = (name: string, command: (file: string) => string): ForeignFormat => ({
  name,
  command,
  filter: null,
})
const tar = filter('a tar archive', 'tar -xO', 'tar -xOf')
const zip = fileOnly('a zip archive', (file) => `unzip -p ${file}`)
const lz4 = filter('lz4', 'lz4 -dc')
const parquet = fileOnly(
  'Parquet',
  // Within the quotes of SQL and of the shell a name that needs quotes itself would have to be quoted twice.
  (file) =>
    `duckdb -c "COPY (FROM read_parquet('${file.startsWith("'") ? 'FILE' : file}')) TO '/dev/stdout' (FORMAT json)"`,
)
const polars = (name: string, read: string) =>
  fileOnly(
    name,
    (file) =>
      `python3 -c 'import sys, polars; polars.${read}(sys.argv[1]).write_ndjson(sys.stdout.buffer)' ${file}`,
  )

interface Signature {
  readonly bytes: readonly number[]
  /** Further proof, where text could begin with the same bytes. */
  readonly isSure?: (head: Uint8Array) => boolean
  readonly format: ForeignFormat
}

const signatures: readonly Signature[] = [
  { bytes: [0xfd, 0x37, 0x7a, 0x58], format: filter('xz', 'xz -dc') },
  // "BZh", the level, then the magic number of a block or, of nothing, of the end.
  {
    bytes: [0x42, 0x5a, 0x68],
    isSure: (head) =>
      startsWith(head, [0x31, 0x41, 0x59, 0x26], 4) || startsWith(head, [0x17, 0x72, 0x45, 0x38], 4),
    format: filter('bzip2', 'bzip2 -dc'),
  },
  { bytes: [0x04, 0x22, 0x4d, 0x18], format: lz4 },
  { bytes: [0x02, 0x21, 0x4c, 0x18], format: lz4 },
  { bytes: [0x50, 0x4b, 0x03, 0x04], format: zip },
  { bytes: [0x50, 0x4b, 0x05, 0x06], format: zip },
  { bytes: [0x50, 0x4b, 0x07, 0x08], format: zip },
  { bytes: ascii('PAR1'), isSure: hasControlBytes, format: parquet },
  { bytes: ascii('PARE'), isSure: hasControlBytes, format: parquet },
  {
    bytes: [...ascii('Obj'), 1],
    format: fileOnly('Avro', (file) => `avro-tools tojson ${file}`),
  },
  { bytes: [...ascii('ARROW1'), 0, 0], format: polars('Arrow', 'read_ipc') },
  { bytes: ascii('FEA1'), isSure: hasControlBytes, format: polars('Feather', 'read_ipc') },
  // The mark of a message, then its length: a multiple of 8, and of a schema not large.
  {
    bytes: [0xff, 0xff, 0xff, 0xff],
    isSure: (head) => head.length > 8 && head[4]! % 8 === 0 && head[7] === 0,
    format: polars('an Arrow stream', 'read_ipc_stream'),
  },
  {
    bytes: ascii('ORC'),
    isSure: hasControlBytes,
    format: fileOnly('ORC', (file) => `orc-contents ${file}`),
  },
]

/** By the checksum of its first header, which no text has by chance: tar has no magic number in its oldest form. */
function isTar(head: Uint8Array): boolean {
  if (head.length < 512) return false
  let sum = 0
  for (let i = 0; i < 512; i++) sum += i >= 148 && i < 156 ? 0x20 : head[i]!
  const written = /^[ 0]*([0-7]+)[\0 ]/.exec(String.fromCharCode(...head.subarray(148, 156)))
  return written !== null && Number.parseInt(written[1]!, 8) === sum && sum > 8 * 0x20
}

/** UTF-16 and UTF-32 by their mark, or by where the zeros of the first two characters stand. */
function wideEncodingOf(head: Uint8Array): ForeignFormat | null {
  if (startsWith(head, [0xff, 0xfe, 0, 0]) || startsWith(head, [0, 0, 0xfe, 0xff])) return encoding('UTF-32')
  if (startsWith(head, [0xff, 0xfe]) || startsWith(head, [0xfe, 0xff])) return encoding('UTF-16')
  // JSON begins with ASCII. Four bytes tell the encodings apart, as RFC 4627 has it (section 3).
  if (head.length < 4) return null
  const zeros = [...head.subarray(0, 4)]
    .map((byte) => (byte === 0 ? '0' : isAscii(byte) ? 'x' : '?'))
    .join('')
  const name = ({ x0x0: 'UTF-16LE', '0x0x': 'UTF-16BE', x000: 'UTF-32LE', '000x': 'UTF-32BE' } as const)[
    zeros as 'x0x0'
  ]
  return name === undefined ? null : encoding(name)
}

function encoding(name: string): ForeignFormat {
  return filter(`${name} text`, `iconv -f ${name} -t UTF-8`)
}

function startsWith(head: Uint8Array, bytes: readonly number[], at = 0): boolean {
  return head.length >= at + bytes.length && bytes.every((byte, i) => head[at + i] === byte)
}

/** Whether there is a byte that text does not have, soon after the first ones. */
function hasControlBytes(head: Uint8Array): boolean {
  return head.subarray(3, 64).some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)
}

function isAscii(byte: number): boolean {
  return byte === 0x09 || byte === 0x0a || byte === 0x0d || (byte >= 0x20 && byte < 0x7f)
}

function ascii(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0))
}
