import type { GroupTable } from '@card/frames'
import fc from 'fast-check'
import type { FrameBatch } from '../src/index.js'

/** A frame of a log; `status` is not 0 where the reader rejected it. */
export interface Frame {
  readonly time: number
  readonly user: number
  readonly group: number
  readonly status: number
}

/** A batch of frames of a log, from one offset on, as a frame reader fills it. */
export function batchOf(
  frames: readonly Frame[],
  offset: number,
  groups: GroupTable,
  source = 'log',
): FrameBatch {
  const rows = frames.length
  const columns = {
    rows,
    time: Float64Array.from(frames, ({ time, status }) => (status === 0 ? time : Number.NaN)),
    offset: Float64Array.from(frames, (_, i) => offset + i),
    hash: new Uint32Array(4 * rows),
    group: Uint32Array.from(frames, ({ group }) => (group === 0 ? 0 : groups.id(`group ${group}`))),
    status: Uint8Array.from(frames, ({ status }) => status),
    start: Uint32Array.from(frames, (_, i) => i),
    length: new Uint32Array(rows).fill(1),
  }
  frames.forEach(({ user }, row) => {
    columns.hash.set(hashOf(user), 4 * row)
  })
  return { columns, bytes: Uint8Array.from(frames, (_, i) => 97 + ((offset + i) % 26)), source }
}

/** Words that are as evenly spread as a hash's. */
function hashOf(user: number): number[] {
  return [1, 2, 3, 4].map((salt) => {
    let word = Math.imul(user + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b)
    word = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d)
    word = Math.imul(word ^ (word >>> 12), 0x297a2d39)
    return (word ^ (word >>> 15)) >>> 0
  })
}

/** The time at which logs begin. */
export const begin = 1_468_238_400_000

/** Logs that go on by up to a minute a frame, some of it out of order, late, or flipped into the future. */
export function logs(options: { readonly flips: boolean }): fc.Arbitrary<Frame[]> {
  const frame = fc.record({
    step: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 40 })),
    back: fc.oneof({ arbitrary: fc.constant(0), weight: 4 }, { arbitrary: fc.nat({ max: 200 }), weight: 1 }),
    flip: options.flips
      ? fc.oneof({ arbitrary: fc.constant(0), weight: 12 }, { arbitrary: fc.constant(1e9), weight: 1 })
      : fc.constant(0),
    user: fc.nat({ max: 30 }),
    group: fc.nat({ max: 2 }),
    status: fc.oneof({ arbitrary: fc.constant(0), weight: 20 }, { arbitrary: fc.constant(3), weight: 1 }),
  })
  return fc.array(frame, { maxLength: 40 }).map((frames) => {
    let now = begin
    return frames.map(({ step, back, flip, user, group, status }) => {
      now += step * 1000
      return { time: now - back * 1000 + flip, user, group, status }
    })
  })
}
