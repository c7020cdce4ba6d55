import type { Forgotten } from '@card/windowing'
import type { NamedBlock } from './manifest.js'
import { forgottenKey, placeKey } from './place-key.js'
import type { Slot } from './slots.js'
import type { BlockContents } from './write-blocks.js'

/** A block of which something is live. */
interface LiveBlock extends NamedBlock {
  /** Records in it, or the one part, and how many of them nothing later has replaced. */
  readonly records: number
  live: number
}

interface Place {
  readonly blocks: Set<LiveBlock>
  /** Where the newest record of each group is. */
  readonly records: Map<number, LiveBlock>
  /** Parts of large states, by their group, ascending. */
  readonly parts: Map<number, { readonly from: number; readonly block: LiveBlock }[]>
}

/** Slack before a state is rewritten: blocks beyond those it needs, and bytes below which nothing is gained. */
const spareBlocks = 256
const spareBytes = 1024 * 1024
const blocksEach = 4
const fullBlock = 512 * 1024

/** The blocks that make up a state: those that hold the newest record of some group, or a part. */
export class LiveBlocks {
  private readonly places = new Map<string, Place>()
  /** in the order they were written */
  private readonly blocks = new Set<LiveBlock>()

  /** @param onDead called for each block that no longer holds anything live */
  constructor(private readonly onDead: (block: NamedBlock) => void) {}

  [Symbol.iterator](): Iterator<NamedBlock> {
    return this.blocks.values()
  }

  get size(): number {
    return this.blocks.size
  }

  /** Adds a written block. Its records replace earlier ones of the same groups; a part replaces those from its mark on. */
  add(contents: BlockContents, slots: readonly Slot[], seal: number): void {
    const { kind, groups, forms, from } = contents
    const key = placeKey(kind, contents)
    const place = this.placeOf(key)
    const isPart = kind === 'cell-part' || kind === 'step-part'
    const block = { place: key, slots, seal, isPart, records: groups.length, live: groups.length }
    this.blocks.add(block)
    place.blocks.add(block)
    if (isPart) {
      const group = groups[0]!
      const kept = this.dropParts(place, group, from)
      place.parts.set(group, [...kept, { from, block }])
      return
    }
    groups.forEach((group, i) => {
      const before = place.records.get(group)
      place.records.set(group, block)
      if (before !== undefined) this.release(before)
      if (place.parts.size > 0 && forms[i] === 'whole') {
        this.dropParts(place, group, 0)
        place.parts.delete(group)
      }
    })
  }

  /** A window, a step or revisions were dropped. */
  forget(forgotten: Forgotten): void {
    const key = forgottenKey(forgotten)
    const place = this.places.get(key)
    if (place === undefined) return
    this.places.delete(key)
    for (const block of place.blocks) this.die(block)
  }

  /** Whether rewriting the state would save much: most records have been replaced, or there are too many blocks. */
  get isFragmented(): boolean {
    let blocks = 0
    let named = 0
    let live = 0
    for (const block of this.blocks) {
      if (block.isPart) continue
      const bytes = block.slots.reduce((sum, { bytes }) => sum + bytes, 0)
      blocks++
      named += bytes
      live += (bytes * block.live) / block.records
    }
    const needed = this.places.size + live / fullBlock
    return blocks > spareBlocks + blocksEach * needed || (named > spareBytes && live < named / 2)
  }

  private placeOf(key: string): Place {
    let place = this.places.get(key)
    if (place === undefined) {
      place = { blocks: new Set(), records: new Map(), parts: new Map() }
      this.places.set(key, place)
    }
    return place
  }

  /** Releases the parts from a mark on, and returns those before it. */
  private dropParts(place: Place, group: number, from: number) {
    const parts = place.parts.get(group) ?? []
    for (const part of parts) if (part.from >= from) this.release(part.block)
    return parts.filter((part) => part.from < from)
  }

  private release(block: LiveBlock): void {
    block.live--
    if (block.live > 0) return
    this.places.get(block.place)?.blocks.delete(block)
    this.die(block)
  }

  private die(block: LiveBlock): void {
    this.blocks.delete(block)
    this.onDead(block)
  }
}
