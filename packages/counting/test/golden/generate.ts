// Writes the golden files of a format that is new: `pnpm -C benchmarks exec tsx ../packages/counting/test/golden/generate.ts`. Files that
// are there are never written again.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GroupTable } from '@card/frames'
import {
  Checkpoint,
  type CheckpointRecord,
  type ManifestFields,
  Merger,
  PartitionCounter,
  readWireRecord,
  writePartials,
  writeProgress,
} from '../../src/index.js'
import { readBody } from '../../src/saved/body-format.js'
import { readManifest } from '../../src/saved/manifest-format.js'
import { batchOf, begin, type Frame } from '../logs.js'
import { options } from '../truth.js'
import { describeCheckpoint, describeWire, plain } from './describe.js'
import { packRecords } from './packed-records.js'

const settings = options({ durable: true, maxAhead: 5_000, lateness: 60_000, totals: true })
const origin = { partition: 'likes/3', incarnation: 2 }
const fields: ManifestFields = {
  group: 'likes counter',
  configuration: '{"base":"1m","estimator":"auto","key":"uid","time":"ts","timezone":"UTC"}',
  configEpoch: 4,
  topics: { checkpoint: 64, partials: 16 },
  input: { topicId: '0123456789abcdef0123456789abcdef', incarnation: 2, firstOffset: 5, from: 'earliest' },
  revisionBase: 7,
  sums: { lines: 41, bytes: 9_876_543_210, blank: 1, fallbacks: 3 },
}

const frame = (seconds: number, user: number, group = 1): Frame => ({
  time: begin + 1000 * seconds,
  user,
  group,
  status: 0,
})
const frames = [
  ...[0, 1, 2, 3, 4, 5].map((user) => frame(user, user)),
  frame(6, 1, 2),
  frame(7, 2, 0),
  { ...frame(8, 0), status: 3 },
  // A run that moves the trusted time on.
  ...[66, 67, 68, 69, 70].map((second) => frame(second, second)),
  // Held by the far-future guard, with its line.
  frame(1_000_000, 7),
]

function written(write: Generator<CheckpointRecord | undefined>): CheckpointRecord[] {
  return [...write].filter((record) => record !== undefined)
}

const groups = new GroupTable()
const counter = new PartitionCounter(settings, groups, origin, { rejected: true, late: true }, 5)
counter.consume(batchOf(frames, 5, groups, 'likes/3'), 5 + frames.length)
counter.send()
const { partials, progress, save } = counter.takeStep()
const partialRecords = [...writePartials(origin, progress.upTo, partials, groups, { partitions: 1 })]
const counted = written(new Checkpoint({ owner: 'count/likes/3' }).write(save!, groups, fields))

const mergerGroups = new GroupTable()
const merger = new Merger(settings, mergerGroups)
for (const { value } of partialRecords) {
  const record = readWireRecord(value, mergerGroups)
  if (record.kind === 'partials')
    for (const partial of record.partials) merger.absorb(origin, record.upTo, partial)
}
merger.advance(progress)
merger.early()
merger.moveTo(9)
const merged = written(
  new Checkpoint({ owner: 'merge/0' }).write(merger.takeStep().save!, mergerGroups, {
    ...fields,
    input: null,
  }),
)

const manifestBytes = counted.at(-1)!.value!
const manifest = readManifest(manifestBytes)
const bodyBytes = manifest.body.where === 'here' ? manifest.body.bytes : new Uint8Array()
const partialsBytes = partialRecords[0]!.value
const progressBytes = writeProgress(progress, 4)

const files: Record<string, readonly [bytes: Uint8Array, content: unknown]> = {
  'checkpoint-count': ofCheckpoint('count/likes/3', counted),
  'checkpoint-merge': ofCheckpoint('merge/0', merged),
  'manifest-count': [manifestBytes, plain(manifest)],
  'body-count': [bodyBytes, plain(readBody(bodyBytes, manifest.nextOffset))],
  'block-cells': [counted[0]!.value!, undefined],
  partials: [partialsBytes, describeWire(partialsBytes)],
  progress: [progressBytes, describeWire(progressBytes)],
}

function ofCheckpoint(owner: string, records: readonly CheckpointRecord[]): readonly [Uint8Array, unknown] {
  const bytes = packRecords(records)
  return [bytes, describeCheckpoint(owner, bytes)]
}

for (const [name, [bytes, content]] of Object.entries(files)) {
  const path = join(import.meta.dirname, name)
  if (existsSync(`${path}.bin`)) continue
  writeFileSync(`${path}.bin`, bytes)
  if (content !== undefined) writeFileSync(`${path}.json`, `${JSON.stringify(content, null, 2)}\n`)
}
