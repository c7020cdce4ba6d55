import { GroupTable } from '@card/frames'
import type { Forgotten } from '@card/windowing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type CounterHead,
  Merger,
  type Partial,
  PartitionCounter,
  type Progress,
  type StateBlock,
  StateImage,
  writeBlocks,
} from '../src/index.js'
import { batchOf, begin, type Frame, logs } from './logs.js'
import { options } from './truth.js'

const config = options({ durable: true, maxAhead: 5000, lateness: 60_000, maxGroups: 2 })
const wanted = { rejected: true, late: true }

type Saved = StateBlock | Forgotten

/** A partition as it travels from one worker to another: values, none of which is of either. */
interface Taken {
  readonly head: CounterHead
  readonly blocks: readonly Saved[]
}

/** What a partition has said so far, in words that are the same in every worker, and what a merger makes of it. */
class Heard {
  readonly words: string[] = []
  readonly #groups = new GroupTable()
  readonly #merger = new Merger(config, this.#groups)

  partial(origin: Progress, partial: Partial, group: string | null): void {
    const { start, events, added } = partial
    this.words.push(`${start - begin} ${group} ${events} +${added}`)
    const id = group === null ? 0 : this.#groups.id(group)
    this.#merger.absorb(origin, origin.upTo, { ...partial, group: id })
  }

  progress(progress: Progress): void {
    const { upTo, watermark, status } = progress
    this.words.push(`${upTo} ${watermark} ${status}`)
    this.#merger.advance(progress)
    const { results } = this.#merger.takeResults()
    this.words.push(...results.map(({ image, ...rest }) => `${JSON.stringify(rest)} ${image?.join()}`))
  }
}

/** A worker that reads some partitions, with a table of groups of its own. */
class Worker {
  readonly groups = new GroupTable()
  readonly counters = new Map<string, PartitionCounter>()

  constructor(name: string) {
    // Ids differ from worker to worker.
    this.groups.id(name)
  }

  begin(partition: string, taken: Taken | null): void {
    const counter = new PartitionCounter(config, this.groups, { partition, incarnation: 0 }, wanted)
    if (taken !== null) {
      const image = new StateImage(config.counter, this.groups)
      for (const block of taken.blocks) {
        if (block.kind === 'forgotten') image.forget(block)
        else image.add(block.bytes)
      }
      counter.restore(taken.head, image.records())
    }
    this.counters.set(partition, counter)
  }

  count(partition: string, frames: readonly Frame[], offset: number): void {
    const counter = this.counters.get(partition)!
    counter.consume(batchOf(frames, offset, this.groups, partition), offset + frames.length)
  }

  /** Tells what came of counting, and what is to be kept of it. */
  step(partition: string, heard: Heard): Taken {
    const { partials, progress, refused, save } = this.counters.get(partition)!.takeStep()
    for (const partial of partials) heard.partial(progress, partial, this.groups.text(partial.group))
    heard.progress(progress)
    for (const { refusal, line } of refused) heard.words.push(`${refusal} ${line.offset} ${line.line}`)
    const head = structuredClone(save!.head)
    const blocks = [...writeBlocks(save!.changes, this.groups, { block: 64, begun: 256 })]
    save!.changes.ack()
    return { head, blocks }
  }

  /** The partition is another worker's now. */
  drop(partition: string): void {
    this.counters.delete(partition)
    const counters = [...this.counters.values()]
    this.groups.sweep((id) => counters.some((counter) => counter.isLiveGroup(id)))
  }
}

const stays: Frame[] = [0, 1, 2, 70, 71].map((second) => ({
  time: begin + second * 1000,
  user: second,
  group: 9,
  status: 0,
}))

/** Counts a log in pieces, by one worker or by two in turn, beside a partition that stays with the first. */
function countInPieces(log: readonly Frame[], pieces: readonly number[], moves: boolean) {
  const workers = [new Worker('first'), new Worker('second')]
  const heard = new Heard()
  workers[0]!.begin('stays', null)
  workers[0]!.count('stays', stays, 0)
  let [owner, other] = [workers[0]!, workers[1]!]
  owner.begin('moves', null)
  const blocks: Saved[] = []
  let offset = 0
  for (const piece of [...pieces, log.length]) {
    const frames = log.slice(offset, offset + piece)
    owner.count('moves', frames, offset)
    offset += frames.length
    const step = owner.step('moves', heard)
    if (!moves) continue
    blocks.push(...step.blocks)
    owner.drop('moves')
    other.begin('moves', { head: step.head, blocks })
    ;[owner, other] = [other, owner]
  }
  owner.counters.get('moves')!.end()
  owner.step('moves', heard)
  const { sums } = owner.counters.get('moves')!
  owner.drop('moves')
  return { words: heard.words, sums, workers }
}

test('a partition that is taken out of one worker goes on in another as if it had stayed, and nothing of it remains', () => {
  fc.assert(
    fc.property(
      logs({ flips: true }),
      fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 5 }),
      (log, pieces) => {
        const stayed = countInPieces(log, pieces, false)
        const moved = countInPieces(log, pieces, true)
        expect(moved.words).toEqual(stayed.words)
        expect(moved.sums).toEqual(stayed.sums)
        const [first, second] = moved.workers
        // The group of what stays is all that is left: of windows, held frames and partials of the other there is nothing.
        expect([first!.groups.size, second!.groups.size]).toEqual([1, 0])
        const { groups } = first!
        expect(groups.text(groups.id('group 9'))).toBe('group 9')
        expect(groups.size).toBe(1)
        expect(first!.counters.get('stays')!.sums.counted).toBe(stays.length)
      },
    ),
    { numRuns: 200 },
  )
})
