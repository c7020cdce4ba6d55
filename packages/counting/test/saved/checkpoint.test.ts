import { GroupTable } from '@card/frames'
import { describe, expect, it } from 'vitest'
import {
  Checkpoint,
  CheckpointReader,
  type CheckpointRecord,
  type CounterHead,
  type CountingOptions,
  expectManifest,
  type ManifestFields,
  PartitionCounter,
  StateImage,
} from '../../src/index.js'
import { readManifest } from '../../src/saved/manifest-format.js'
import { batchOf, begin, type Frame } from '../logs.js'
import { options } from '../truth.js'

const owner = 'count/likes/0'
const fields: ManifestFields = {
  group: 'likes',
  configuration: '{"estimator":"exact","key":"uid"}',
  configEpoch: 0,
  topics: { checkpoint: 64, partials: 16 },
  input: null,
  revisionBase: 0,
  sums: { lines: 0, bytes: 0, blank: 0, fallbacks: 0 },
}

/** One counter and its checkpoint, step by step. */
class Owner {
  readonly groups = new GroupTable()
  readonly checkpoint = new Checkpoint({ owner })
  readonly log: CheckpointRecord[] = []
  readonly counter: PartitionCounter
  private offset = 0

  constructor(private readonly settings: CountingOptions) {
    const origin = { partition: 'likes/0', incarnation: 0 }
    this.counter = new PartitionCounter(settings, this.groups, origin, { rejected: true, late: true })
  }

  /** @returns the records of the step */
  step(frames: readonly Frame[], whole = false): CheckpointRecord[] {
    this.counter.consume(batchOf(frames, this.offset, this.groups), this.offset + frames.length)
    this.offset += frames.length
    const { save } = this.counter.takeStep({ whole })
    const records = [...this.checkpoint.write(save!, this.groups, fields)].filter(
      (each) => each !== undefined,
    )
    this.checkpoint.commit()
    save!.changes.ack()
    this.log.push(...records)
    return records
  }

  /** What is restored: the counts of all windows, by group. */
  restored(): Map<string | null, number> {
    const reader = new CheckpointReader(owner)
    for (const { key, value } of this.log) reader.take(key, value)
    const groups = new GroupTable()
    const image = new StateImage(this.settings.counter, groups)
    for (const _ of reader.restore()!.load(image));
    const counts = new Map<string | null, number>()
    for (const record of image.records()) {
      if (record.kind === 'cell') counts.set(groups.text(record.group), record.state?.count() ?? 0)
    }
    return counts
  }
}

const settings = (more: Partial<CountingOptions> = {}) =>
  options({ counter: { estimator: 'exact' }, rolling: [], durable: true, ...more })
const frame = (user: number, group = 1): Frame => ({ time: begin, user, group, status: 0 })
const bytesOf = (records: readonly CheckpointRecord[]) =>
  records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)

describe('a checkpoint', () => {
  it('asks to be written anew when its blocks are many, and has few again then', () => {
    const to = new Owner(settings({ parts: { whole: 2048, part: 32_768 } }))
    const groupsOf = 500
    for (let i = 0; i < groupsOf; i++) to.step([frame(i, i + 1)], to.checkpoint.isFragmented)
    expect(to.checkpoint.blocks).toBeLessThan(300)
    to.step([], true)
    expect(to.checkpoint.blocks).toBe(1)
    expect(to.restored().size).toBe(groupsOf)
  })

  it('does not grow by what is replaced', () => {
    const to = new Owner(settings())
    for (let i = 0; i < 100; i++) to.step([frame(0)])
    expect(to.checkpoint.blocks).toBe(1)
    expect(new Set(to.log.map(({ key }) => String.fromCharCode(...key))).size).toBeLessThanOrEqual(3)
  })

  it('keeps a large exact state in few parts, and writes each user a few times at most', () => {
    const to = new Owner(settings({ parts: { whole: 3, part: 64 } }))
    const steps = 1000
    let written = 0
    for (let i = 0; i < steps; i++) written += bytesOf(to.step([frame(i)]).slice(0, -1))
    // 15 full parts, and of the last one as many as a number of seven bits has ones; the record.
    expect(to.checkpoint.blocks).toBeLessThanOrEqual(15 + 7 + 1)
    // 16 bytes a user, six times at most beside the first, and some bytes for each step's record and headers.
    expect(written).toBeLessThan(steps * (16 * 7 + 64 + 7 * 100))
    expect([...to.restored().values()]).toEqual([steps])
  })

  it('never writes a full part again', () => {
    const to = new Owner(settings({ parts: { whole: 3, part: 64 } }))
    to.step(Array.from({ length: 64 * 100 }, (_, user) => frame(user)))
    for (let i = 0; i < 100; i++)
      expect(bytesOf(to.step([frame(10_000 + i)]).slice(0, -1))).toBeLessThan(64 * 16 + 300)
    expect([...to.restored().values()]).toEqual([64 * 100 + 100])
  })

  it('writes the head into slots where it is large, with the lines of held frames', () => {
    const to = new Owner(settings({ maxAhead: 5_000 }))
    // One user far ahead, whom nobody follows: not enough to move the trusted time.
    const held = Array.from({ length: 900 }, () => ({ ...frame(1), time: begin + 1e12 }))
    to.step([frame(1), frame(2), frame(3), frame(4), frame(5), ...held])
    const records = to.step([])
    expect(records.length).toBeGreaterThan(1)
    const reader = new CheckpointReader(owner)
    for (const { key, value } of to.log) reader.take(key, value)
    const { head, manifest } = reader.restore()!
    expect(manifest.body.where).toBe('slots')
    expect((head as CounterHead).held.length).toBeGreaterThan(100)
    expect((head as CounterHead).held[0]![1].line).toHaveLength(1)
  })
})

describe('a reader of checkpoints', () => {
  it('knows the records of its owner alone', () => {
    const reader = new CheckpointReader('count/likes/1')
    const key = (text: string) => new TextEncoder().encode(text)
    expect(reader.wants(key('count/likes/1\0m'))).toBe(true)
    expect(reader.wants(key('count/likes/11\0m'))).toBe(false)
    expect(reader.wants(key('count/likes/1'))).toBe(false)
  })

  it('keeps no more than a few states in memory, however long the log', () => {
    const to = new Owner(settings({ counter: { estimator: 'linear', bits: 131_072 } }))
    to.step(Array.from({ length: 100 }, (_, group) => frame(1, group + 1)))
    const reader = new CheckpointReader(owner)
    let most = 0
    let all = 0
    for (let i = 0; i < 60; i++) {
      const records = to.step([], true)
      all += bytesOf(records)
      for (const { key, value } of records) reader.take(key, value)
      most = Math.max(most, reader.bytes)
    }
    expect(all).toBeGreaterThan(90_000_000)
    expect(most).toBeLessThan(25_000_000)
  })

  it.each([
    ['a slot that is missing', (log: CheckpointRecord[]) => log.filter((_, i) => i !== 0)],
    [
      'a slot of another step',
      (log: CheckpointRecord[]) =>
        log.map((record, i) => (i === 0 ? { ...record, value: log[1]!.value } : record)),
    ],
  ])('refuses %s', (_, damage) => {
    const to = new Owner(settings({ parts: { whole: 3, part: 4 } }))
    to.step([1, 2, 3, 4, 5].map((user) => frame(user)))
    const reader = new CheckpointReader(owner)
    for (const { key, value } of damage(to.log)) reader.take(key, value)
    const restored = reader.restore()!
    const image = new StateImage(settings().counter, new GroupTable())
    expect(() => [...restored.load(image)]).toThrow(expect.objectContaining({ code: 'corrupt-state' }))
  })

  it('takes the run that has counted furthest, and names the others for deletion', () => {
    const reader = new CheckpointReader(owner)
    const written: Uint8Array[] = []
    const write = (run: string, frames: number, from: Owner) => {
      from.counter.consume(
        batchOf(
          Array.from({ length: frames }, (_, user) => frame(user)),
          0,
          from.groups,
        ),
        frames,
      )
      const checkpoint = new Checkpoint({ owner, run })
      for (const record of checkpoint.write(from.counter.takeStep().save!, from.groups, fields)) {
        if (record === undefined) continue
        reader.take(record.key, record.value)
        written.push(record.key)
      }
    }
    write('b', 7, new Owner(settings()))
    write('a', 3, new Owner(settings()))
    const { manifest, isOwn } = reader.restore({ run: 'c' })!
    expect([manifest.nextOffset, isOwn]).toEqual([7, false])
    const keys = Array.from(reader.tombstones('c'), ({ key }) => new TextDecoder().decode(key))
    expect(keys).toContain(`${owner}\0a\0m`)
    expect(keys.sort()).toEqual(Array.from(written, (key) => new TextDecoder().decode(key)).sort())
  })
})

describe('a run that follows another', () => {
  it('is the newest from its first step on, though it has counted no further', () => {
    const to = new Owner(settings())
    for (let i = 0; i < 5; i++) to.step([frame(i)])
    const reader = new CheckpointReader(owner)
    for (const { key, value } of to.log) reader.take(key, value)
    const found = reader.restore({ run: 'later' })!
    const image = new StateImage(settings().counter, new GroupTable())
    const loading = found.load(image)
    let next = loading.next()
    while (next.done !== true) next = loading.next()
    const { save } = to.counter.takeStep({ whole: true })
    for (const record of next.value.write(save!, to.groups, { ...fields, revisionBase: 9 })) {
      if (record !== undefined) reader.take(record.key, record.value)
    }
    expect(reader.restore({ run: 'later' })!.manifest).toMatchObject({
      step: 6,
      nextOffset: 5,
      revisionBase: 9,
    })
  })
})

describe('a saved state', () => {
  const manifest = () => {
    const to = new Owner(settings())
    return readManifest(to.step([]).at(-1)!.value!)
  }

  it('is gone on with by the same settings', () => {
    expect(() => expectManifest(manifest(), fields)).not.toThrow()
  })

  it.each([
    [{ group: 'other' }, 'other-group', 'the group other, found likes'],
    [
      { configuration: '{"estimator":"hll","key":"uid"}' },
      'other-configuration',
      'estimator was "exact", is "hll"',
    ],
    [{ configuration: '{"estimator":"exact"}' }, 'other-configuration', 'key was "uid", is not set'],
    [{ topics: { checkpoint: 64, partials: 8 } }, 'other-partitions', 'the 16 partitions'],
  ])('is refused by %j', (change, code, message) => {
    const check = () => expectManifest(manifest(), { ...fields, ...change })
    expect(check).toThrow(expect.objectContaining({ code }))
    expect(check).toThrow(message)
  })
})
