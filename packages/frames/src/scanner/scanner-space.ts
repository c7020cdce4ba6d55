import { type MemberName, memberName } from '../frame/find-members.js'
import { pathNames } from '../frame/member-path.js'
import type { FrameOptions } from '../frame/options.js'
import { type MemberOptions, memberOptions, type RecordFields, recordFields } from '../frame/record-fields.js'
import { compileWasm, createMemory, type WasmMemory, type WasmModule } from '../web.js'
import { type NameTree, nameTree } from './name-sets.js'
import { type ScannerLayout, scannerLayout } from './scanner-layout.js'
import { memoryFlagAt, scannerWasm } from './scanner-wasm.generated.js'

/** The longest name that the trusted scan finds: a closing quote at most 63 bytes behind its opening one. */
const longestTrustedName = 62

/** By whether the memory is shared. */
const compiled = new Map<boolean, WasmModule | null>()

/** The memory of one or more scanners, and everything needed to create one, on any thread. */
export interface ScannerSpace {
  /** What is read from the values, and what from their records. */
  readonly options: MemberOptions
  readonly fields: RecordFields | null
  readonly tree: NameTree
  /** Whether the scan may stop at the last wanted member. */
  readonly isTrusted: boolean
  readonly layout: ScannerLayout
  readonly module: WasmModule
  readonly memory: WasmMemory
}

/** How many scanners, each on a thread of its own, and how many batches share a space. */
export interface Sharing {
  readonly scanners: number
  readonly batches: number
}

/**
 * Why there is no scanner: it is disabled, the engine has no WebAssembly SIMD or no memory for it (or none that can be
 * shared), or a name in a path contains U+FFFD, which invalid bytes decode to as well.
 */
export type NoScanner = 'disabled' | 'no-simd' | 'no-memory' | 'name'

/** @param room bytes of lines */
export function createSpace(
  given: FrameOptions,
  rows: number,
  room: number,
  sharing: Sharing | null,
): ScannerSpace | NoScanner {
  const fields = recordFields(given)
  const options = memberOptions(given, fields)
  const paths = pathsOf(options)
  const names = paths.flatMap((path) => path ?? [])
  if (!names.every(({ oneSpelling }) => oneSpelling)) return 'name'
  const shared = sharing !== null
  if (!compiled.has(shared)) compiled.set(shared, compile(shared))
  const module = compiled.get(shared)!
  if (module === null) return 'no-simd'
  const { scanners, batches } = sharing ?? { scanners: 1, batches: 1 }
  const tree = nameTree(paths)
  const layout = scannerLayout(tree, options, fields !== null, rows, room, scanners, batches)
  const memory = createMemory(layout.size, shared)
  if (memory === null) return 'no-memory'
  const isTrusted =
    options.json === 'trusted' && names.every(({ bytes }) => bytes.length <= longestTrustedName)
  return { options, fields, tree, isTrusted, layout, module, memory }
}

function compile(shared: boolean): WasmModule | null {
  return compileWasm(scannerWasm, (bytes) => {
    if (shared) bytes[memoryFlagAt] = 3
  })
}

function pathsOf({ time, key, groupBy }: MemberOptions): (MemberName[] | null)[] {
  return [time, key, groupBy].map((path) => (path === null ? null : pathNames(path).map(memberName)))
}
