/** A compression that is read. */
export type Compression = 'gzip' | 'zstd'

/** The compressions of inputs by their names, `stdin` among them; those that are not compressed are not there. */
export type Compressions = ReadonlyMap<string, Compression>

/** The shell command that decompresses a file to its stdout. @param file a word of a shell */
export function decompressCommand(compression: Compression, file: string): string {
  return `${compression} -dc ${file}`
}

/** The compression that the first four bytes of an input declare; JSON text can begin with none of them. */
export function compressionOf(head: Uint8Array): Compression | null {
  if (head.length < 4) return null
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  const magic = (head[0]! | (head[1]! << 8) | (head[2]! << 16) | (head[3]! << 24)) >>> 0
  // Skippable frames have 16 numbers; pzstd begins with one.
  return magic === 0xfd2fb528 || (magic & 0xfffffff0) === 0x184d2a50 ? 'zstd' : null
}
