// What the host calls: src/wasm/kernel.ts.
export { advanceChecksum, makeTables } from './crc32c'
export { decodeLz4 } from './lz4'
export { advanceXxh64, beginXxh64, endXxh64 } from './xxh64'
export { beginZstdFrame, decodeZstdBlock } from './zstd-block'

/** Where the host's own data may begin. */
export const freeMemory: usize = __heap_base
