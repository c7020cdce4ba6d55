import type { MemberName } from '../frame/find-members.js'

/** Bytes of a set, and of each of its three records; as in assembly/names.ts. */
const setSize = 128
const recordSize = 40
const outerSetAt = 3 * recordSize

/** The paths of time, key and group: the names of their steps, null for one that is not wanted. */
export type Paths = readonly (readonly MemberName[] | null)[]

/** A name that is looked for in one object. */
interface WantedName {
  readonly name: MemberName
  /** The paths that end here, and those that go on within its object: bit i for path i. */
  ending: number
  inner: number
  /** The set of the names wanted within its object. */
  innerSet: NameSet | null
}

/** The names that are looked for in one object, three at most. */
interface NameSet {
  readonly names: (WantedName | null)[]
  readonly outer: NameSet | null
}

/** What a scanner looks for. */
export interface NameTree {
  /** The names of the paths, those that begin alike together. The root is the first. */
  readonly sets: readonly NameSet[]
  /** The names of paths of one name, the i-th that of path i; null where a path has several. */
  readonly flat: NameSet | null
  /** Whether all names are of characters that no common encoder of JSON escapes. */
  readonly isPlain: boolean
  /** The distinct lengths of the names, each with one of its quotes, as bytes; 64 stands for all from there on. */
  readonly lengths: readonly number[]
  /** Bytes of all names in their quotes. */
  readonly nameBytes: number
}

export function nameTree(paths: Paths): NameTree {
  const root: NameSet = { names: [], outer: null }
  const sets = [root]
  for (const [i, path] of paths.entries()) {
    let set = root
    for (const [step, name] of path?.entries() ?? []) {
      let wanted = set.names.find((other) => other?.name.text === name.text) ?? null
      if (wanted === null) {
        wanted = { name, ending: 0, inner: 0, innerSet: null }
        set.names.push(wanted)
      }
      if (step === path!.length - 1) wanted.ending |= 1 << i
      else {
        wanted.inner |= 1 << i
        if (wanted.innerSet === null) {
          wanted.innerSet = { names: [], outer: set }
          sets.push(wanted.innerSet)
        }
        set = wanted.innerSet
      }
    }
  }
  const isFlat = paths.every((path) => path === null || path.length === 1)
  const names = paths.flatMap((path) => path ?? [])
  return {
    sets,
    flat: isFlat ? { names: paths.map(flatName), outer: null } : null,
    isPlain: names.every(({ text }) => /^[\w .:@$#%*()[\]{}|~^!?;,=-]*$/.test(text)),
    lengths: [...new Set(names.map(({ bytes }) => Math.min(64, bytes.length + 1)))],
    // Once for the tree and once for the flat set.
    nameBytes: 2 * names.reduce((sum, { bytes }) => sum + bytes.length + 2, 0),
  }
}

function flatName(path: readonly MemberName[] | null, i: number): WantedName | null {
  return path === null ? null : { name: path[0]!, ending: 1 << i, inner: 0, innerSet: null }
}

/** Bytes of all sets. */
export function nameSetsSize({ sets }: NameTree): number {
  return setSize * (sets.length + 1)
}

/**
 * Writes the sets to `setsAt` and the names to `namesAt`, as assembly/names.ts describes them.
 *
 * @returns the address of the root of the tree, and that of the flat set or 0
 */
export function writeNameSets(
  memory: ArrayBufferLike,
  tree: NameTree,
  setsAt: number,
  namesAt: number,
): { root: number; flat: number } {
  const view = new DataView(memory)
  const all = new Uint8Array(memory)
  const sets = tree.flat === null ? tree.sets : [...tree.sets, tree.flat]
  const addressOf = (set: NameSet | null) => (set === null ? 0 : setsAt + setSize * sets.indexOf(set))
  let free = namesAt
  for (const set of sets) {
    const at = addressOf(set)
    const some = set.names.find((wanted) => wanted !== null && wanted !== undefined)
    for (let i = 0; i < 3; i++) {
      const wanted = set.names[i] ?? null
      // What is not wanted has the length of another name, so that no more quotes are looked at.
      const quoted = Uint8Array.of(0x22, ...((wanted ?? some)?.name.bytes ?? []), 0x22)
      const record = at + i * recordSize
      writeEnd(view, record, wanted === null || wanted.name.isEscaped ? null : quoted)
      view.setUint32(record + 16, wanted === null ? 0 : free, true)
      view.setUint32(record + 20, quoted.length, true)
      view.setUint32(record + 24, wanted?.ending ?? 0, true)
      view.setUint32(record + 28, wanted?.inner ?? 0, true)
      view.setUint32(record + 32, addressOf(wanted?.innerSet ?? null), true)
      if (wanted === null) continue
      all.set(quoted, free)
      free += quoted.length
    }
    view.setUint32(at + outerSetAt, set.outer === null ? at : addressOf(set.outer), true)
  }
  return { root: setsAt, flat: addressOf(tree.flat) }
}

/** The last eight bytes of a name, and which of their bits count. Null: none do, and 1 is not what is left then. */
function writeEnd(view: DataView, record: number, quoted: Uint8Array | null): void {
  view.setBigUint64(record, quoted === null ? 1n : 0n, true)
  view.setBigUint64(record + 8, 0n, true)
  const last = quoted?.subarray(-8) ?? new Uint8Array(0)
  for (const [i, byte] of last.entries()) {
    view.setUint8(record + 8 - last.length + i, byte)
    view.setUint8(record + 16 - last.length + i, 0xff)
  }
}
