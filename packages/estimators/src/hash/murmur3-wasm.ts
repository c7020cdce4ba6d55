import { murmur3Wasm } from './murmur3-wasm.generated.js'

/** The most keys that one call of `hashRows` takes. */
export const mostRows = 1024

/** MurmurHash3 x64_128 on memory of its own; every view stays valid, because that memory never grows. */
export interface WasmHasher {
  /** Hashes the first `length` bytes of `input` into `words`. */
  hash(length: number, seed: number): void
  /** Hashes `count` keys, which end in `input` where `ends` says, into `rows`. */
  hashRows(count: number, seed: number): void
  readonly words: Int32Array
  readonly ends: Uint32Array
  readonly rows: Uint32Array
  readonly input: Uint8Array
}

// Of the standard global only what is used, so that no platform's types are needed.
declare const atob: (base64: string) => string
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { exports: Record<string, unknown> }
}

/** Null where WebAssembly is missing or forbidden, as by a content security policy. */
export const wasmHasher: WasmHasher | null = /* @__PURE__ */ instantiate()

function instantiate(): WasmHasher | null {
  try {
    const bytes = Uint8Array.from(atob(murmur3Wasm), (character) => character.charCodeAt(0))
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes))
    const { buffer } = exports.memory as { buffer: ArrayBuffer }
    const ends = 16
    const rows = ends + 4 * mostRows
    const input = rows + 16 * mostRows
    return {
      hash: exports.hash as WasmHasher['hash'],
      hashRows: exports.hashRows as WasmHasher['hashRows'],
      words: new Int32Array(buffer, 0, 4),
      ends: new Uint32Array(buffer, ends, mostRows),
      rows: new Uint32Array(buffer, rows, 4 * mostRows),
      // The last key is read in whole words, up to 16 bytes beyond its end.
      input: new Uint8Array(buffer, input, buffer.byteLength - input - 16),
    }
  } catch {
    return null
  }
}
