/**
 * The web-standard globals this package uses, typed here: the ES library alone declares none of them, and the
 * DOM's or Node's declarations would let much more in than browsers, Deno, Bun and Node share.
 */
interface WebGlobals {
  TextDecoder: new (label: string, options: { ignoreBOM: boolean }) => { decode(bytes: Uint8Array): string }
  TextEncoder: new () => { encode(text: string): Uint8Array }
  atob(base64: string): string
  WebAssembly?: WebAssemblyGlobal
}

interface WebAssemblyGlobal {
  validate(bytes: Uint8Array): boolean
  Module: new (bytes: Uint8Array) => WasmModule
  Instance: new (module: WasmModule, imports: object) => { exports: unknown }
  Memory: new (size: { initial: number; maximum: number; shared: boolean }) => WasmMemory
}

/** A compiled module; opaque, and can be posted to another thread. */
export interface WasmModule {
  readonly compiled?: never
}

/** A memory that never grows, so that views of its buffer stay whole; a shared one can be posted to other threads. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike
}

const web = globalThis as unknown as WebGlobals

// Without ignoreBOM the decoder would drop a byte order mark that the JSON grammar refuses.
const decoder = new web.TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new web.TextEncoder()

/** The text of UTF-8 bytes; each invalid sequence becomes U+FFFD, a byte order mark stays. */
export function decodeUtf8(bytes: Uint8Array): string {
  // Browsers decode no shared memory; a slice of it is not shared.
  return decoder.decode(bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice())
}

/** The UTF-8 bytes of a text; a lone surrogate becomes EF BF BD. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/**
 * Compiles a module given in base64. Null where this engine cannot: no WebAssembly (Node's --jitless), none of
 * the instructions used (SIMD), or none allowed here (a content security policy, a limit on the main thread).
 *
 * @param change applied to the module's bytes before
 */
export function compileWasm(base64: string, change: (bytes: Uint8Array) => void): WasmModule | null {
  try {
    const bytes = Uint8Array.from(web.atob(base64), (character) => character.charCodeAt(0))
    change(bytes)
    return web.WebAssembly?.validate(bytes) ? new web.WebAssembly.Module(bytes) : null
  } catch {
    return null
  }
}

/**
 * A memory of at least `size` bytes. Null where there is no address space for it, or where it shall be shared and
 * nothing may be (in a page that is not cross-origin isolated).
 */
export function createMemory(size: number, shared: boolean): WasmMemory | null {
  const pages = Math.ceil(size / 65536)
  try {
    return new web.WebAssembly!.Memory({ initial: pages, maximum: pages, shared })
  } catch {
    return null
  }
}

/** Instantiates a module that imports its memory as `env.memory`. Its exports as `T`. */
export function instantiateWasm<T>(module: WasmModule, memory: WasmMemory): T {
  return new web.WebAssembly!.Instance(module, { env: { memory } }).exports as T
}
