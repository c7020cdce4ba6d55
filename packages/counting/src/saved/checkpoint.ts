import type { Groups } from '../groups.js'
import { writeBody } from './body-format.js'
import { LiveBlocks } from './live-blocks.js'
import type { Manifest, ManifestBody, ManifestFields, SavedHead } from './manifest.js'
import { writeManifest } from './manifest-format.js'
import { RecordKeys } from './record-key.js'
import { sealOf } from './sealed.js'
import { type Slot, Slots } from './slots.js'
import type { StateRecord } from './state-changes.js'
import { type BlockContents, type BlockLimits, writeBlocksInSteps } from './write-blocks.js'

/** A record of a compacted topic: the newest of each key counts. */
export interface CheckpointRecord {
  readonly key: Uint8Array
  /** Null: a tombstone. */
  readonly value: Uint8Array | null
}

/** What a step of a counter or merger gives to be saved. */
export interface Save {
  readonly head: SavedHead
  readonly changes: Iterable<StateRecord>
}

/** Limits of {@link Checkpoint}, in bytes. */
export interface CheckpointLimits extends BlockLimits {
  /** Largest record; a longer block is split. Default 768 KiB. */
  readonly record?: number
  /** Largest body stored in the manifest itself. Default 64 KiB. */
  readonly inline?: number
}

/** Settings of {@link Checkpoint}. */
export interface CheckpointOptions {
  /** As `ownerName` has it. */
  readonly owner: string
  /** Without transactions to fence other processes: a text unique to this one. Default: none. */
  readonly run?: string
  readonly limits?: CheckpointLimits
}

/**
 * Writes the saved state of one owner: blocks in slots, and a manifest that names them. A step writes what changed into
 * slots that no committed manifest names, so the last committed manifest always has its state.
 *
 * ```ts
 * const { save } = counter.takeStep({ whole: checkpoint.isFragmented })
 * for (const record of checkpoint.write(save, groups, fields)) if (record !== undefined) send(record)
 * // once they are safe:
 * checkpoint.commit()
 * save.changes.ack()
 * ```
 */
export class Checkpoint {
  readonly owner: string
  readonly run: string
  private readonly keys: RecordKeys
  private readonly limits: CheckpointLimits
  private readonly slots = new Slots()
  private readonly live = new LiveBlocks(({ slots }) => this.slots.giveUp(slots))
  private body: readonly Slot[] = []
  /** Of a step that is neither committed nor abandoned. */
  private openBody: readonly Slot[] | null = null
  private committed = 0

  constructor({ owner, run = '', limits = {} }: CheckpointOptions) {
    this.owner = owner
    this.run = run
    this.keys = new RecordKeys(owner, run)
    this.limits = limits
  }

  /** The number of the last committed step; 0: none. */
  get step(): number {
    return this.committed
  }

  /** Blocks that hold state. */
  get blocks(): number {
    return this.live.size
  }

  /** Whether the next step should be whole (`takeStep({ whole: true })`), because most of what the blocks hold has been replaced. */
  get isFragmented(): boolean {
    return this.live.isFragmented
  }

  /**
   * The records of a step, the manifest last. Yields undefined after some milliseconds of work without a record: a place to
   * pause. Read it to its end before the next call of the counter or merger, then `commit` or `abandon` it.
   *
   * @param groups the table behind the ids
   */
  *write(
    { head, changes }: Save,
    groups: Groups,
    fields: ManifestFields,
  ): Generator<CheckpointRecord | undefined, void, undefined> {
    for (const block of writeBlocksInSteps(changes, groups, this.limits)) {
      if (block === undefined) yield undefined
      else if (block.kind === 'forgotten') this.live.forget(block)
      else {
        const slots = this.slotsOf(block.bytes)
        yield* this.records(slots, block.bytes)
        this.live.add(block, slots, sealOf(block.bytes))
      }
    }
    const bytes = writeBody(this.live, head)
    const inline = bytes.length <= (this.limits.inline ?? 64 * 1024)
    const slots = inline ? [] : this.slotsOf(bytes)
    yield* this.records(slots, bytes)
    this.openBody = slots
    const body: ManifestBody = inline ? { where: 'here', bytes } : { where: 'slots', slots }
    const { owner, committed } = this
    const manifest: Manifest = { ...fields, owner, step: committed + 1, nextOffset: head.position, body }
    yield { key: this.keys.manifest, value: writeManifest(manifest) }
  }

  /** The step is safe. Whoever took its changes acknowledges them. */
  commit(): void {
    if (this.openBody === null) return
    this.slots.giveUp(this.body)
    this.body = this.openBody
    this.slots.commit()
    this.committed++
    this.openBody = null
  }

  /** The step is certainly lost; the next one contains it all. If the outcome is unknown, drop the owner and restore it. */
  abandon(): void {
    // The next step replaces everything that this one replaced, and so everything it wrote.
    this.slots.giveUp(this.openBody ?? [])
    this.openBody = null
  }

  /** @internal Follows another run without sharing its blocks: its steps are numbered after that run's. */
  follow({ step }: Manifest): void {
    this.committed = step
  }

  /** @internal Resumes from a restored state. */
  resume(
    { step, body }: Manifest,
    blocks: Iterable<{ contents: BlockContents; slots: readonly Slot[]; seal: number }>,
  ): void {
    this.committed = step
    this.body = body.where === 'slots' ? body.slots : []
    const used = this.body.map(({ number }) => number)
    for (const { contents, slots, seal } of blocks) {
      this.live.add(contents, slots, seal)
      used.push(...slots.map(({ number }) => number))
    }
    this.slots.claim(used)
  }

  private slotsOf({ length }: Uint8Array): Slot[] {
    const limit = this.limits.record ?? 768 * 1024
    return Array.from({ length: Math.ceil(length / limit) }, (_, i) => ({
      number: this.slots.take(),
      bytes: Math.min(limit, length - i * limit),
    }))
  }

  private *records(slots: readonly Slot[], bytes: Uint8Array): Generator<CheckpointRecord, void, undefined> {
    let at = 0
    for (const { number, bytes: length } of slots) {
      yield { key: this.keys.slot(number), value: bytes.subarray(at, at + length) }
      at += length
    }
  }
}
