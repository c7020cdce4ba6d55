/** The compression that the first four bytes of an input declare; JSON text can begin with none of them. */
export function compressionOf(head: Uint8Array): 'gzip' | 'zstd' | null {
  if (head.length < 4) return null
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd'
  return null
}
