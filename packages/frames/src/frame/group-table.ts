import { badArgument, checkBytes, checkInteger } from '../arguments.js'
import { decodeUtf8, encodeUtf8 } from '../web.js'
import { GroupRanks } from './group-ranks.js'

/**
 * The groups that frames name, interned: id to bytes and back. Ids are small positive integers, reused after
 * `sweep` has freed them; 0 is the null group and always there.
 */
export class GroupTable {
  // Byte strings (one char a byte) as keys: two groups that differ in invalid UTF-8 only have one text but are two.
  // A Map, since its hash is seeded by the engine: keys chosen to collide cannot slow it down.
  readonly #ids = new Map<string, number>()
  readonly #names: (string | undefined)[] = [undefined]
  readonly #free: number[] = []
  /** Groups whose text is not their bytes. */
  readonly #beyondAscii = new Set<number>()
  readonly #order = new GroupRanks((a, b) => this.compare(a, b))

  #generation = 0

  /** Changes whenever ids may have got other meanings: what remembers ids has to forget them then. */
  get generation(): number {
    return this.#generation
  }

  /** How many groups are interned, the null group not counted. */
  get size(): number {
    return this.#ids.size
  }

  /**
   * The id of the group of this text, new or known. A lone surrogate counts as U+FFFD, as in a frame.
   *
   * @throws {FramesError} `bad-argument`
   */
  id(text: string): number {
    if (typeof text !== 'string') throw badArgument('id', 'the text of a group', text)
    const bytes = encodeUtf8(text)
    return this.intern(bytes, 0, bytes.length)
  }

  /** The id of the group of these bytes, `bytes[start, end)`, new or known. @throws {FramesError} `bad-argument` */
  intern(bytes: Uint8Array, start: number, end: number): number {
    checkBytes('intern', bytes)
    checkInteger('intern', 'end', end, 0, bytes.length)
    checkInteger('intern', 'start', start, 0, end)
    const name = byteString(bytes, start, end)
    const known = this.#ids.get(name)
    if (known !== undefined) return known
    const id = this.#free.pop() ?? this.#names.length
    this.#names[id] = name
    this.#ids.set(name, id)
    this.#order.add(id)
    if (beyondAscii.test(name)) this.#beyondAscii.add(id)
    return id
  }

  /**
   * The group's text, null for the null group and for an id that is not in use. Invalid UTF-8 reads as U+FFFD.
   *
   * @throws {FramesError} `bad-argument`, as every method here that is given no id
   */
  text(id: number): string | null {
    checkId('text', id)
    const name = this.#names[id]
    if (name === undefined) return null
    // The bytes of ASCII are its characters.
    return this.#beyondAscii.has(id) ? decodeUtf8(this.bytes(id)) : name
  }

  /** The group's bytes, empty for the null group and for an id that is not in use. */
  bytes(id: number): Uint8Array {
    checkId('bytes', id)
    const name = this.#names[id] ?? ''
    const bytes = new Uint8Array(name.length)
    for (let i = 0; i < name.length; i++) bytes[i] = name.charCodeAt(i)
    return bytes
  }

  /** Orders ids by their groups' bytes, the null group first: negative, zero or positive, as for `sort`. */
  compare(a: number, b: number): number {
    checkId('compare', a)
    checkId('compare', b)
    if (a === 0 || b === 0) return a === b ? 0 : a === 0 ? -1 : 1
    const [left, right] = [this.#names[a] ?? '', this.#names[b] ?? '']
    return left < right ? -1 : left > right ? 1 : 0
  }

  /**
   * By id, the place of each group in the order of `compare`, that of the null group 0. Valid until a group is interned or
   * freed; asking again costs little when none was.
   */
  ranks(): Uint32Array {
    return this.#order.ranks()
  }

  /**
   * Frees every id for which `isLive` returns false, for other groups to use. Call it between batches only: the group
   * column of the current batch may hold ids that nothing else knows yet.
   *
   * @throws {FramesError} `bad-argument`
   */
  sweep(isLive: (id: number) => boolean): void {
    if (typeof isLive !== 'function') throw badArgument('sweep', 'a function of an id', isLive)
    this.#generation++
    for (const [name, id] of this.#ids) {
      if (isLive(id)) continue
      this.#ids.delete(name)
      this.#names[id] = undefined
      this.#beyondAscii.delete(id)
      this.#free.push(id)
    }
    this.#order.keep((id) => this.#names[id] !== undefined)
  }
}

const beyondAscii = /[\x80-\xff]/

function checkId(caller: string, id: number): void {
  if (typeof id !== 'number') throw badArgument(caller, 'the id of a group, a number', id)
}

function byteString(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= 64) {
    let name = ''
    for (let i = start; i < end; i++) name += String.fromCharCode(bytes[i]!)
    return name
  }
  let name = ''
  // In slices, since every byte of a call becomes an argument on the stack.
  for (let i = start; i < end; i += 4096) {
    name += String.fromCharCode.apply(null, bytes.subarray(i, Math.min(end, i + 4096)) as unknown as number[])
  }
  return name
}
