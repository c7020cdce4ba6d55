import { kernelWasm } from './kernel-wasm.generated.js'

// Typed here: the ES library does not know it, and Node's types only in part.
interface Memory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

interface WebAssemblyGlobal {
  validate(bytes: Uint8Array): boolean
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { exports: unknown }
}

const { WebAssembly } = globalThis as unknown as { WebAssembly?: WebAssemblyGlobal }

/** What assembly/kernel.ts exports; numbers without a unit are addresses. */
export interface Kernel {
  readonly memory: Memory
  readonly freeMemory: { readonly value: number }
  makeTables(): void
  advanceChecksum(crc: number, from: number, to: number): number
  decodeLz4(from: number, to: number, start: number, out: number, end: number): number
  beginZstdFrame(): void
  decodeZstdBlock(from: number, to: number, start: number, out: number, end: number): number
  beginXxh64(): void
  advanceXxh64(from: number, to: number): void
  endXxh64(): number
}

let compiled: object | null | undefined

/**
 * A new instance of assembly/ with a memory of its own; null where the engine has no WebAssembly SIMD (Node's
 * --jitless), or no address space.
 */
export function createKernel(): Kernel | null {
  try {
    compiled ??= compile()
    if (WebAssembly === undefined || compiled === null) return null
    return new WebAssembly.Instance(compiled, {}).exports as Kernel
  } catch {
    return null
  }
}

/** The address of `size` bytes behind the module's own data; bytes beyond them are there, too. */
export function roomFor(kernel: Kernel, size: number): number {
  const start = (kernel.freeMemory.value + 63) & ~63
  growTo(kernel, start + size)
  return start
}

/** Makes the memory go on to at least this address. Views of it made before are of no use afterwards. */
export function growTo(kernel: Kernel, end: number): void {
  const missing = end - kernel.memory.buffer.byteLength
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / 65536))
}

function compile(): object | null {
  const bytes = Buffer.from(kernelWasm, 'base64')
  return WebAssembly?.validate(bytes) ? new WebAssembly.Module(bytes) : null
}
