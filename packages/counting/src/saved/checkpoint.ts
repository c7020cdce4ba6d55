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
  /** Most in one record; a longer block is cut. Default 768 KiB. */
  readonly record?: number
  /** Most of a manifest's body that stands in the manifest itself. Default 64 KiB. */
  readonly inline?: number
}

/** Where and as what a checkpoint is written. */
export interface CheckpointOptions {
  /** As `ownerName` has it. */
  readonly owner: string
  /** Where there are no transactions to fence other processes: text of this one's own. Default: none. */
  readonly run?: string
  readonly limits?: CheckpointLimits
}

/**
 * The saved state of one owner: blocks in slots, and a manifest that names them. A step writes what changed into slots that
 * no committed manifest names, so the last manifest that was committed always has its state.
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

  /** Whether the next step is better whole (`takeStep({ whole: true })`): most of what the blocks hold is replaced. */
  get isFragmented(): boolean {
    return this.live.isFragmented
  }

  /**
   * The records of a step, the manifest last, with undefined in between wherever it has worked for some milliseconds without
   * one. Read it to its end before the next call of the counter or merger, then `commit` or `abandon` it.
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

  /** The step is safe; its changes are acknowledged by whoever took them. */
  commit(): void {
    if (this.openBody === null) return
    this.slots.giveUp(this.body)
    this.body = this.openBody
    this.slots.commit()
    this.committed++
    this.openBody = null
  }

  /** The step is lost for certain: all of it is in the next one. Where that is not known, drop the owner and restore it. */
  abandon(): void {
    // What it replaced is replaced again, and what it wrote is live no longer then: the next step holds all of it.
    this.slots.giveUp(this.openBody ?? [])
    this.openBody = null
  }

  /** @internal Follows another run, whose blocks it does not share: its steps are newer than all of that one's. */
  follow({ step }: Manifest): void {
    this.committed = step
  }

  /** @internal Goes on from what was restored. */
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
