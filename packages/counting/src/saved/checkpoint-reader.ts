import { readBody } from './body-format.js'
import { utf8 } from './bytes.js'
import { Checkpoint, type CheckpointLimits, type CheckpointRecord } from './checkpoint.js'
import type { Manifest, SavedHead } from './manifest.js'
import { readManifest } from './manifest-format.js'
import { keyParts, RecordKeys } from './record-key.js'
import { corrupt, sealOf } from './sealed.js'
import type { Slot } from './slots.js'
import type { StateImage } from './state-image.js'

declare const TextDecoder: new () => { decode(bytes: Uint8Array): string }
const decoder = /* @__PURE__ */ new TextDecoder()

/** Stands for a value that was brought into an image. */
const released = new Uint8Array(0)

/** What one run has written. */
interface Run {
  manifest: Uint8Array | null
  /** the newest value of each slot */
  readonly slots: Map<number, Uint8Array>
}

/** Settings of {@link CheckpointReader.restore}. */
export interface ContinueOptions {
  /** The run that will write the next steps; default: none, with transactions. */
  readonly run?: string
  readonly limits?: CheckpointLimits
}

/** A restored state. */
export interface RestoredOwner {
  readonly manifest: Manifest
  readonly head: SavedHead
  /**
   * Loads the blocks into an image, one at a time, and returns the checkpoint that writes the next steps.
   *
   * @throws CountingError corrupt-state, newer-format
   */
  readonly load: (image: StateImage) => Generator<void, Checkpoint, undefined>
  /** False: another run wrote it, so restore with `saved: false` and make the first step whole. */
  readonly isOwn: boolean
}

/** Superseded values are dropped once the retained bytes have doubled, plus this. */
const patience = 16 * 1024 * 1024

/**
 * Restores the state of one owner from the records of its partition, in order: the newest manifest and the blocks it names.
 * Memory is bounded by what the owner's manifests name, not by the length of the log.
 */
export class CheckpointReader {
  private readonly prefix: Uint8Array
  private readonly runs = new Map<string, Run>()
  private kept = 0
  private limit = patience

  constructor(readonly owner: string) {
    this.prefix = utf8(`${owner}\0`)
  }

  /** Whether a record is of this owner. */
  wants(key: Uint8Array): boolean {
    const { prefix } = this
    if (key.length <= prefix.length) return false
    for (let i = prefix.length - 1; i >= 0; i--) if (key[i] !== prefix[i]) return false
    return true
  }

  /** Takes a committed record of this owner. @param value kept as it is; null: a tombstone */
  take(key: Uint8Array, value: Uint8Array | null): void {
    const parts = keyParts(decoder.decode(key.subarray(this.prefix.length)))
    if (parts === null) return
    const run = this.runOf(parts.run)
    if (parts.slot !== null) {
      this.kept += (value?.length ?? 0) - (run.slots.get(parts.slot)?.length ?? 0)
      if (value === null) run.slots.delete(parts.slot)
      else run.slots.set(parts.slot, value)
      return
    }
    run.manifest = value
    if (value !== null && this.kept > this.limit) this.prune(run, value)
  }

  /** Bytes retained. */
  get bytes(): number {
    return this.kept
  }

  /**
   * The newest state; null: there is none.
   *
   * @throws CountingError corrupt-state: bytes that are damaged or missing; newer-format
   */
  restore({ run = '', limits }: ContinueOptions = {}): RestoredOwner | null {
    const newest = this.newest()
    if (newest === null) return null
    const { name, manifest } = newest
    const { slots } = this.runOf(name)
    if (manifest.owner !== this.owner)
      throw corrupt(`a manifest of ${this.owner}`, `one of ${manifest.owner}`)
    const body = manifest.body.where === 'here' ? manifest.body.bytes : join(slots, manifest.body.slots)
    const { blocks, head } = readBody(body, manifest.nextOffset)
    const isOwn = name === run
    const owner = this.owner
    const load = function* (image: StateImage): Generator<void, Checkpoint, undefined> {
      const loaded = []
      // Records first, then parts: a record that was rewritten comes after its earlier parts.
      for (const isPart of [false, true]) {
        for (const block of blocks) {
          if (block.isPart !== isPart) continue
          const bytes = join(slots, block.slots)
          for (const { number } of block.slots) slots.set(number, released)
          if (sealOf(bytes) !== block.seal) throw corrupt('the block that the manifest names', 'another one')
          loaded.push({ contents: image.add(bytes), slots: block.slots, seal: block.seal })
          yield
        }
      }
      const checkpoint = new Checkpoint({ owner, run, ...(limits && { limits }) })
      if (isOwn) checkpoint.resume(manifest, loaded)
      else checkpoint.follow(manifest)
      return checkpoint
    }
    return { manifest, head, load, isOwn }
  }

  /** Tombstones for everything other runs have written: send them once a step of this run is safe. */
  *tombstones(run = ''): Generator<CheckpointRecord, void, undefined> {
    for (const [name, { manifest, slots }] of this.runs) {
      if (name === run) continue
      const keys = new RecordKeys(this.owner, name)
      // The manifest goes first: once it is gone, nothing refers to the slots.
      if (manifest !== null) yield { key: keys.manifest, value: null }
      for (const number of slots.keys()) yield { key: keys.slot(number), value: null }
    }
  }

  private runOf(name: string): Run {
    let run = this.runs.get(name)
    if (run === undefined) {
      run = { manifest: null, slots: new Map() }
      this.runs.set(name, run)
    }
    return run
  }

  private newest(): { readonly name: string; readonly manifest: Manifest } | null {
    let newest: { name: string; manifest: Manifest } | null = null
    for (const [name, { manifest: bytes }] of this.runs) {
      if (bytes === null) continue
      const manifest = readManifest(bytes)
      if (newest === null || isNewer(manifest, newest.manifest)) newest = { name, manifest }
    }
    return newest
  }

  /** Drops what the manifest does not name; no later record refers to it. */
  private prune({ slots }: Run, bytes: Uint8Array): void {
    const manifest = readManifest(bytes)
    const { body } = manifest
    const ofBody = body.where === 'slots' ? body.slots : []
    const { blocks } = readBody(body.where === 'here' ? body.bytes : join(slots, ofBody), manifest.nextOffset)
    const named = new Set([ofBody, ...blocks.map((block) => block.slots)].flat().map(({ number }) => number))
    for (const [number, { length }] of slots) {
      if (named.has(number)) continue
      slots.delete(number)
      this.kept -= length
    }
    this.limit = 2 * this.kept + patience
  }
}

/** Without transactions several runs may have written: the one that counted furthest has the state. */
function isNewer(a: Manifest, b: Manifest): boolean {
  const orders = [
    a.configEpoch - b.configEpoch,
    (a.input?.incarnation ?? 0) - (b.input?.incarnation ?? 0),
    a.nextOffset - b.nextOffset,
    a.step - b.step,
  ]
  return (orders.find((order) => order !== 0) ?? 0) > 0
}

/** The bytes of some slots, joined. */
function join(from: ReadonlyMap<number, Uint8Array>, slots: readonly Slot[]): Uint8Array {
  const found = slots.map(({ number, bytes }) => {
    const value = from.get(number)
    if (value?.length !== bytes) {
      throw corrupt(`${bytes} bytes in slot ${number}`, value === undefined ? 'none' : `${value.length}`)
    }
    return value
  })
  if (found.length === 1) return found[0]!
  const joined = new Uint8Array(found.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const value of found) {
    joined.set(value, at)
    at += value.length
  }
  return joined
}
