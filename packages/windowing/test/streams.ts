import type { GuardFrame } from '@card/testing'

/** A stream of one partition, and what may be said of its losses whatever the rule is. */
export interface Stream {
  readonly name: string
  readonly frames: readonly GuardFrame[]
  /** ms; default 5 s */
  readonly maxAhead?: number
  /** frames whose time is wrong by so much that no window could wait for them, or that came too late */
  readonly hopeless?: number
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const noon = Date.UTC(2016, 6, 11, 12)

/** Numbers from 0 to 1, the same in every run (xorshift32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

function repeat(count: number, frame: (i: number) => GuardFrame): GuardFrame[] {
  return Array.from({ length: count }, (_, i) => frame(i))
}

const start = [1, 2, 3].map((key) => ({ key, t: noon }))

/** A steady stream in which one bit of 31 of some times in seconds is flipped. */
export function flipped(count: number, oneOf: number, seed = 7): GuardFrame[] {
  const random = randomFrom(seed)
  return repeat(count, (i) => {
    const seconds = noon / second + Math.floor(i / 1000)
    const key = Math.floor(random() * 10_000)
    const bit = random() < 1 / oneOf ? 1 << Math.floor(random() * 31) : 0
    return { key, t: (seconds ^ bit) * second }
  })
}

/** Two producers whose clocks differ, taking turns at random. */
export function twoClocks(count: number, apart: number, turn: (random: () => number) => number, seed = 3) {
  const random = randomFrom(seed)
  let ahead = false
  let left = 0
  return repeat(count, (i) => {
    if (left === 0) {
      ahead = random() < 0.5
      left = turn(random)
    }
    left--
    return { key: Math.floor(random() * 1000), t: noon + i * 10 + (ahead ? apart : 0) }
  })
}

const one = () => 1

/** Streams that people have, and what hurts a rule that is too strict or too trusting. */
export const streams: readonly Stream[] = [
  {
    name: 'two users alternating every 10 s after three at one time',
    frames: [...start, ...repeat(3000, (i) => ({ key: 1 + (i % 2), t: noon + (i + 1) * 10 * second }))],
  },
  {
    name: 'one user every 10 s after three, then a straggler',
    frames: [
      ...start,
      ...repeat(40, (i) => ({ key: 1, t: noon + (i + 1) * 10 * second })),
      { key: 2, t: noon + second },
    ],
    hopeless: 1,
  },
  {
    name: 'a frame every 10 minutes, with a reach of an hour',
    frames: repeat(500, (i) => ({ key: i % 4, t: noon + i * 10 * minute })),
    maxAhead: hour,
  },
  { name: 'one user, a frame a minute', frames: repeat(2000, (i) => ({ key: 1, t: noon + i * minute })) },
  {
    name: 'two users, a frame every 20 minutes',
    frames: repeat(500, (i) => ({ key: i % 2, t: noon + i * 20 * minute })),
  },
  {
    name: 'ten users by day, nobody at night',
    frames: repeat(9600, (i) => ({ key: i % 10, t: noon + Math.floor(i / 960) * day + (i % 960) * minute })),
  },
  {
    name: 'a year of history, a frame an hour, then the present',
    frames: [
      ...repeat(8760, (i) => ({ key: i % 5, t: noon - 2 * 365 * day + i * hour })),
      ...repeat(2000, (i) => ({ key: i % 5, t: noon + i * second })),
    ],
  },
  {
    name: 'bursts of ten users every 3 minutes',
    frames: repeat(6000, (i) => ({
      key: i % 10,
      t: noon + Math.floor(i / 10) * 3 * minute + (i % 10) * 100,
    })),
  },
  { name: 'two clocks 10 s apart in random turns', frames: twoClocks(20_000, 10 * second, one) },
  { name: 'two clocks 30 s apart in random turns', frames: twoClocks(20_000, 30 * second, one) },
  { name: 'two clocks 5 minutes apart in random turns', frames: twoClocks(20_000, 5 * minute, one) },
  {
    name: 'two clocks 30 s apart in turns of 1 to 20 frames',
    frames: twoClocks(20_000, 30 * second, (random) => 1 + Math.floor(random() * 20)),
    // Turns this long look like a stream that has moved on: only a greater out-of-orderness helps.
    hopeless: 3528,
  },
  {
    name: 'one device in a hundred whose clock is a day ahead',
    frames: repeat(20_000, (i) => ({ key: i % 100, t: noon + i * 50 + (i % 100 === 0 ? day : 0) })),
    hopeless: 200,
  },
  {
    name: 'one device in a hundred whose clock stands at 1970',
    frames: repeat(20_000, (i) => ({ key: i % 100, t: i % 100 === 0 ? 0 : noon + i * 50 })),
    hopeless: 200,
  },
  {
    name: 'a flipped first frame',
    frames: [
      { key: 1, t: noon + 2 ** 30 * second },
      ...repeat(5000, (i) => ({ key: i % 50, t: noon + i * 100 })),
    ],
    hopeless: 1,
  },
  { name: 'one bit of 31 flipped in one of a thousand', frames: flipped(20_000, 1000), hopeless: 20 },
  { name: 'one bit of 31 flipped in one of ten', frames: flipped(20_000, 10), hopeless: 2000 },
  {
    name: 'disorder of up to 5 s',
    frames: (() => {
      const random = randomFrom(11)
      return repeat(20_000, (i) => ({ key: i % 97, t: noon + i * 20 - Math.floor(random() * 5 * second) }))
    })(),
  },
]
