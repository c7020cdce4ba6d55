import { describe, expect, test } from 'vitest'
import { ProducerError } from '../../src/errors.js'
import { type RawGenerateOptions, readGenerateOptions } from '../../src/options/generate-options.js'
import { malformedKinds } from '../../src/options/malformed-shares.js'

function problemsOf(raw: RawGenerateOptions): string[] {
  try {
    readGenerateOptions(raw)
  } catch (error) {
    expect(error).toBeInstanceOf(ProducerError)
    expect((error as ProducerError).code).toBe('usage')
    return (error as ProducerError).message.split('\n')
  }
  return []
}

describe('values', () => {
  test.each<[RawGenerateOptions, object]>([
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
    expect(readGenerateOptions(raw)).toMatchObject(expected)
  })

  test('shares name their kinds, or spread over all but too-long, and bad-group only with groups', () => {
    const shares = (raw: RawGenerateOptions) =>
      Object.fromEntries(
        readGenerateOptions(raw).malformed.map((share, kind) => [malformedKinds[kind], share]),
      )
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
  test.each<RawGenerateOptions>([
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
    expect(problems[0]).toMatch(/^--[a-z-]+( and --[a-z-]+)?: expected .*, found /)
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
      '--group-field: expected together with --groups above 0, found without',
      '--group-skew: expected together with --groups above 0, found without',
      '--groupless: expected together with --groups above 0, found without',
      '--late-max: expected together with --late-probability above 0, found without',
      '--truth-windows: expected together with --truth, found without',
    ])
    expect(problemsOf({ groups: '0', groupless: '5', lateProbability: '0', lateMax: '9' })).toHaveLength(2)
    const beside = { groups: '2', lateProbability: '1', truth: 'f' }
    expect(problemsOf({ ...shape, ...beside, lateMax: '9', truthWindows: '1m' })).toEqual([])
  })
})
