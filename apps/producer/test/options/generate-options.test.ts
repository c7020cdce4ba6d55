import { describe, expect, test } from 'vitest'
import { malformedKinds } from '../../src/options/malformed-shares.js'
import { type Flags, generateOptions, problemsOf as problemsIn } from './sources.js'

const problemsOf = (flags: Flags) => problemsIn(() => generateOptions(flags))

describe('values', () => {
  test.each<[Flags, object]>([
    [
      {},
      {
        frames: 100_000,
        rate: 1025,
        lineLength: 2048,
        users: 100_000,
        start: 1468244384,
        pace: null,
        seed: 1,
      },
    ],
    [{ seconds: '2.5', rate: '100' }, { frames: 250 }],
    [{ start: '2016-07-11T15:39:44+02:00' }, { start: 1468244384 }],
    [{ start: '2016-07-11T13:39' }, { start: 1468244340 }],
    [{ start: '2016-07-11' }, { start: 1468195200 }],
    [{ start: '1468244384' }, { start: 1468244384 }],
    [
      { lineLength: '4KiB', maxLine: '2MiB' },
      { lineLength: 4096, maxLine: 2 ** 21 },
    ],
    [{ keySkew: 'zipf:1.2' }, { keySkew: 1.2 }],
    [{ pace: '0.5x' }, { pace: 0.5 }],
    [{ duplicates: '0.1%' }, { duplicates: 0.1 }],
  ])('%j gives %j', (raw, expected) => {
    expect(generateOptions(raw)).toMatchObject(expected)
  })

  test('shares name their kinds, or spread over all but too-long, and bad-group only with groups', () => {
    const shares = (raw: Flags) =>
      Object.fromEntries(generateOptions(raw).malformed.map((share, kind) => [malformedKinds[kind], share]))
    expect(shares({ malformed: 'not-json=1,blank=0.5' })).toMatchObject({
      'not-json': 1,
      blank: 0.5,
      'bad-key': 0,
    })
    expect(shares({ malformed: '7' })).toMatchObject({
      'not-json': 1,
      blank: 1,
      'too-long': 0,
      'bad-group': 0,
    })
    expect(shares({ malformed: '8', groups: '2' })).toMatchObject({
      'not-json': 1,
      'bad-group': 1,
      'too-long': 0,
    })
  })
})

describe('refusals', () => {
  test.each<Flags>([
    { frames: '-1' },
    { frames: '1e3' },
    { frames: '4000000001' },
    { rate: '0' },
    { rate: 'x' },
    { users: '0' },
    { users: '1.5' },
    { start: '2016-07-11T13:39:44.5Z' },
    { start: '2016-13-01' },
    { start: '6000-01-01' },
    { lineLength: '63' },
    { lineLength: '2kb' },
    { keySkew: 'zipf' },
    { keySkew: 'zipf:0' },
    { pace: '10' },
    { pace: '0x' },
    { duplicates: '101' },
    { malformed: 'rude=1' },
    { malformed: 'blank=1,blank=1' },
    { malformed: 'blank' },
    { malformed: '' },
    { groupField: 'ts' },
    { groupField: 'a.b' },
    { truthWindows: '1m,' },
    { truthWindows: '60s,1m' },
    { truthWindows: '2w' },
    { keyShapes: 'odd' },
    { seed: '4294967296' },
    { out: '' },
    { lateMax: '0' },
    { maxLine: '1' },
    { seconds: '1000000000', rate: '5' },
  ])('%j is refused with one line that names the flag', (raw) => {
    const problems = problemsOf(raw)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^--[a-z-]+(: | .*: | .* )(expected|ask)/)
  })

  test('all problems come at once', () => {
    expect(problemsOf({ rate: '0', users: '0', pace: 'fast' }).map((line) => line.split(':')[0])).toEqual([
      '--rate',
      '--users',
      '--pace',
    ])
  })

  test('flags that others leave nothing to do are refused, and taken beside those', () => {
    const shape = { groupField: 'clip', groupSkew: 'zipf:1', groupless: '5' }
    expect(problemsOf({ ...shape, lateMax: '9', truthWindows: '1m' })).toEqual([
      '--group-field clip needs --groups above 0',
      '--group-skew zipf:1 needs --groups above 0',
      '--groupless 5 needs --groups above 0',
      '--late-max 9 needs --late-probability above 0',
      '--truth-windows 1m needs --truth',
    ])
    expect(problemsOf({ groups: '0', groupless: '5', lateProbability: '0', lateMax: '9' })).toHaveLength(2)
    const beside = { groups: '2', lateProbability: '1', truth: 'f' }
    expect(problemsOf({ ...shape, ...beside, lateMax: '9', truthWindows: '1m' })).toEqual([])
  })
})
