import { printable } from './printable.js'

/** The type of a JSON value; numbers with a fraction or an exponent are no integers. */
type MemberType = 'string' | 'integer' | 'number' | 'boolean' | 'null' | 'object' | 'array'

/** What a sample of frames shows about one member. */
export interface Member {
  /** As a path option takes it: steps joined by dots, a dot inside a name written `\.`. */
  readonly path: string
  /** Names from the root down. */
  readonly names: readonly string[]
  /** Frames that have it. */
  readonly count: number
  /** How often each type was seen, in order of appearance. */
  readonly types: ReadonlyMap<MemberType, number>
  /** A few distinct values as JSON, shortened. */
  readonly examples: readonly string[]
  /** Distinct strings and numbers, at most `distinctLimit`. */
  readonly distinct: number
}

/** Members beyond these are left out, so that hostile input takes little memory. */
const depthLimit = 6
const memberLimit = 300
const distinctLimit = 10_000
const exampleLimit = 3

/** The members of sampled frames, nested ones by their path; arrays are not looked into. */
export class MemberTable {
  /** Frames added. */
  frames = 0
  readonly #members = new Map<string, Entry>()

  /** @param frame what JSON.parse made of an object */
  add(frame: object): void {
    this.frames++
    this.#walk(frame, [])
  }

  /** In order of appearance. */
  get members(): readonly Member[] {
    return [...this.#members.values()].map(({ values, ...rest }) => ({ ...rest, distinct: values.size }))
  }

  #walk(object: object, above: readonly string[]): void {
    for (const [name, value] of Object.entries(object)) {
      const names = [...above, name]
      // Paths have no way to write an empty name.
      if (name === '') continue
      this.#note(names, value)
      const isObject = typeOf(value) === 'object'
      if (isObject && names.length < depthLimit) this.#walk(value, names)
    }
  }

  #note(names: readonly string[], value: unknown): void {
    const path = pathOf(names)
    let entry = this.#members.get(path)
    if (entry === undefined) {
      if (this.#members.size >= memberLimit) return
      entry = { path, names, count: 0, types: new Map(), examples: [], values: new Set() }
      this.#members.set(path, entry)
    }
    entry.count++
    const type = typeOf(value)
    entry.types.set(type, (entry.types.get(type) ?? 0) + 1)
    if (type === 'object' || type === 'array') return
    if (entry.values.size < distinctLimit) entry.values.add(String(value))
    if (entry.examples.length >= exampleLimit) return
    const example = printable(JSON.stringify(value), 40)
    if (!entry.examples.includes(example)) entry.examples.push(example)
  }
}

interface Entry {
  readonly path: string
  readonly names: readonly string[]
  count: number
  readonly types: Map<MemberType, number>
  readonly examples: string[]
  readonly values: Set<string>
}

/** Names from the root down as a path option takes them. */
function pathOf(names: readonly string[]): string {
  return names.map((name) => name.replace(/[\\.]/g, '\\$&')).join('.')
}

function typeOf(value: unknown): MemberType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value as 'string' | 'boolean' | 'object'
}
