import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { ExitCode, ExitError, messageOf } from '@card/app-kit'
import { shellWord } from '../advice/printable.js'
import { formatOf, headSize } from './formats.js'
import { type Compression, compressionOf, decompressCommand } from './magic-bytes.js'

/** Compressed bytes that surely hold the first decompressed ones: more than a block of zstd. */
const packedSize = 256 * 1024

/**
 * Looks at the beginning of every file before any is read, so that hours of counting are not lost to the last of them.
 * Pipes and stdin are looked at when they are read.
 *
 * @throws ExitError (1) with a line for each file that cannot be read, or is in a format that is not
 */
export async function lookAtFiles(files: readonly string[]): Promise<void> {
  const problems: string[] = []
  for (const file of new Set(files)) {
    if (file === '-') continue
    const problem = await problemOf(file)
    if (problem !== null) problems.push(problem)
  }
  if (problems.length > 0) throw new ExitError(ExitCode.failed, problems)
}

/**
 * Why an input that begins so is not read; null: it is.
 *
 * @param name the file, or stdin
 * @param compression of the input that the bytes come out of; null: none
 */
export function foreignFormat(
  name: string,
  head: Uint8Array,
  compression: Compression | null,
): string | null {
  const format = formatOf(head)
  if (format === null) return null
  const file = name === 'stdin' ? 'FILE' : shellWord(name)
  const expected = 'expected JSON lines, plain or compressed by gzip or zstd'
  if (compression === null) {
    return `cannot read ${name}: it is ${format.name}, ${expected}; try: ${format.command(file)} | counter-worker`
  }
  const unpacked = `cannot read ${name}: inside ${compression} it is ${format.name}, ${expected}`
  return format.filter === null
    ? unpacked
    : `${unpacked}; try: ${decompressCommand(compression, file)} | ${format.filter} | counter-worker`
}

async function problemOf(file: string): Promise<string | null> {
  try {
    // In big integers for the reason given in settings/shared-paths.ts.
    const kind = statSync(file, { bigint: true })
    if (kind.isDirectory()) return `cannot read ${file}: it is a directory`
    if (!kind.isFile()) return null
    const head = startOf(file, headSize)
    const compression = compressionOf(head)
    if (compression === null) return foreignFormat(file, head, null)
    return foreignFormat(file, await unpackedHead(startOf(file, packedSize)), compression)
  } catch (error) {
    return `cannot read ${file}: ${messageOf(error)}`
  }
}

function startOf(file: string, size: number): Uint8Array {
  const descriptor = openSync(file, 'r')
  try {
    const start = new Uint8Array(size)
    return start.subarray(0, readSync(descriptor, start))
  } finally {
    closeSync(descriptor)
  }
}

/** The first decompressed bytes. What is damaged is told when it is read, after what stands before the damage. */
async function unpackedHead(packed: Uint8Array): Promise<Uint8Array> {
  const { decompressed } = await import('./compression.js')
  const head: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of decompressed(once(packed))) {
      head.push(chunk.slice())
      length += chunk.length
      if (length >= headSize) break
    }
  } catch {
    // The beginning alone is always cut short.
  }
  return Buffer.concat(head).subarray(0, headSize)
}

async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk
}
