import { describe, expect, it } from 'vitest'
import {
  assignerOf,
  kafkaStreamsOptions,
  RowWindows,
  rollUpPlan,
  Watermarks,
  WindowEngine,
  WindowingError,
  type WindowingErrorCode,
} from '../src/index.js'
import { userSets } from './user-set.js'

const minute = { name: '1m', length: 60_000 }
const good = { sizes: [minute], aggregate: userSets }
const add = (users: Set<number>, user: number) => users.add(user)
const engine = () => new WindowEngine(good)
const time = Float64Array.of(0, 1)

/** What a call is refused with. */
function refusal(work: () => unknown): { code: WindowingErrorCode; message: string } {
  try {
    work()
  } catch (error) {
    if (!(error instanceof WindowingError)) throw error
    return error
  }
  throw new Error('expected a refusal')
}

describe('settings of plain JavaScript that are none are refused with bad-option, and the message helps', () => {
  it.each<[string, unknown, RegExp]>([
    [
      'a name that is nearly one',
      { ...good, outOfOrder: 5000 },
      /"outOfOrder".*did you mean "outOfOrderness"/,
    ],
    ['a name in other letters', { ...good, maxahead: 5000 }, /"maxahead".*did you mean "maxAhead"/],
    ['a mistyped name', { ...good, alowedLateness: 1 }, /did you mean "allowedLateness"/],
    ['a name of nothing', { ...good, colour: 'red' }, /"colour".*known are sizes/],
    ['what belongs to the row form', { ...good, add }, /"add" of WindowEngine/],
    ['nothing', undefined, /object.*found undefined/],
    ['null', null, /found null/],
    ['a number', 60_000, /found 60000/],
    ['an array of sizes', [minute], /found an array/],
    ['no members', {}, /sizes to be an array.*aggregate/],
    ['one size', { ...good, sizes: minute }, /sizes to be an array.*found an object/],
    ['a size by name', { ...good, sizes: ['1m'] }, /sizes\[0\] to be an object.*"1m"/],
    ['a size without a name', { ...good, sizes: [{ length: 5 }] }, /name of sizes\[0\].*undefined/],
    ['a size of neither kind', { ...good, sizes: [{ name: 'x' }] }, /sizes\[0\].*neither/],
    ['a size of both kinds', { ...good, sizes: [{ ...minute, unit: 'minute' }] }, /sizes\[0\].*both/],
    ['a mistyped member of a size', { ...good, sizes: [{ ...minute, ofset: 1 }] }, /did you mean "offset"/],
    [
      'a length as text',
      { ...good, sizes: [{ name: 'x', length: '60000' }] },
      /length of "x".*found "60000"/,
    ],
    [
      'a unit that there is not',
      { ...good, sizes: [{ name: 'x', unit: 'decade' }] },
      /unit of "x".*"decade"/,
    ],
    ['no sizes', { ...good, sizes: [] }, /at least one window size/],
    [
      'an aggregate without functions',
      { ...good, aggregate: { create: () => 0 } },
      /found none for merge, copy/,
    ],
    ['a class for an aggregate', { ...good, aggregate: Set }, /found none for create/],
    ['a number as text', { ...good, outOfOrderness: '5000' }, /outOfOrderness.*found "5000"/],
    ['not a number', { ...good, allowedLateness: Number.NaN }, /allowedLateness.*NaN/],
    ['a reach below the disorder', { ...good, outOfOrderness: 2, maxAhead: 1 }, /maxAhead not below/],
    ['a horizon below the reach', { ...good, maxAhead: 2, horizon: 1 }, /horizon not below maxAhead/],
    ['partitions as text', { ...good, partitions: '012' }, /partitions to be an array.*"012"/],
    ['a partition as text', { ...good, partitions: ['0'] }, /whole numbers, found "0"/],
    [
      'a zone that is none',
      { ...good, sizes: [{ name: 'd', unit: 'day' }], zone: 'Berlin' },
      /IANA.*"Berlin"/,
    ],
    ['a zone as a number', { ...good, zone: 1 }, /zone.*found 1/],
    ['retention as a number', { ...good, retention: 5 }, /retention to be an object/],
    ['one view', { ...good, rolling: { name: 'v' } }, /rolling to be an array/],
    [
      'a view without a step',
      { ...good, rolling: [{ name: 'v', count: 3 }] },
      /rolling\[0\]\.every.*undefined/,
    ],
    [
      'a mistyped member of a view',
      { ...good, rolling: [{ name: 'v', each: minute, count: 3 }] },
      /"each" of rolling\[0\]/,
    ],
    ['totals as text', { ...good, totals: 'yes' }, /totals.*found "yes"/],
    ['trackChanges as a number', { ...good, trackChanges: 1 }, /trackChanges.*found 1/],
    ['a mode that there is not', { ...good, lateness: 'global' }, /lateness.*found "global"/],
  ])('%s', (_, options, message) => {
    const { code, message: text } = refusal(() => new WindowEngine(options as never))
    expect(code).toBe('bad-option')
    expect(text).toMatch(message)
  })

  it.each<[string, () => unknown, RegExp]>([
    ['the row form without anything', () => new RowWindows({} as never), /sizes to be an array/],
    [
      'the row form without options',
      () => new (RowWindows as never as { new (): unknown })(),
      /options of RowWindows/,
    ],
    [
      'the row form without add',
      () => new RowWindows(good as never),
      /add to be a function, found undefined/,
    ],
    ['a hash that is none', () => new RowWindows({ ...good, add, hash: 'id' } as never), /hash.*"id"/],
    ['a plan of nothing', () => rollUpPlan(undefined as never), /array of window sizes/],
    ['a plan of names', () => rollUpPlan(['1m'] as never), /sizes\[0\]/],
    ['an assigner of nothing', () => assignerOf(undefined as never), /size to be an object/],
    ['an assigner of no length', () => assignerOf({ name: 'x', length: 0 }), /length of "x".*found 0/],
    [
      'a grace as text',
      () => new WindowEngine({ ...good, ...kafkaStreamsOptions('5' as never) }),
      /found "5"/,
    ],
  ])('%s', (_, work, message) => {
    const { code, message: text } = refusal(work)
    expect(code).toBe('bad-option')
    expect(text).toMatch(message)
  })
})

describe('arguments of plain JavaScript that are none are refused with bad-argument', () => {
  const rows = () => new RowWindows({ ...good, add })
  it.each<[string, () => unknown, RegExp]>([
    ['no columns', () => engine().push(0, undefined as never, 0, 1), /columns.*undefined/],
    ['no times', () => engine().push(0, {} as never, 0, 1), /columns\.time.*Float64Array.*undefined/],
    [
      'times in an array',
      () => engine().push(0, { time: [0] } as never, 0, 1),
      /Float64Array, found an array/,
    ],
    ['fewer times than rows', () => engine().push(0, { time }, 0, 3), /time to hold 3 entries.*found 2/],
    [
      'one word of hash a row',
      () => engine().push(0, { time, hash: new Uint32Array(2) }, 0, 2),
      /hash to hold 8/,
    ],
    [
      'hashes of another kind',
      () => engine().push(0, { time, hash: time } as never, 0, 2),
      /hash.*Uint32Array/,
    ],
    ['a row below 0', () => engine().push(0, { time }, -1, 2), /from.*-1/],
    [
      'rows that end before they begin',
      () => engine().push(0, { time }, 2, 1),
      /to to be a row from 2, found 1/,
    ],
    ['no last row', () => engine().push(0, { time }, 0, undefined as never), /to.*undefined/],
    ['a partition as text', () => engine().addPartition('1' as never), /partition.*"1"/],
    ['a slot that no run told', () => engine().state(3), /slot.*3/],
    ['no skew', () => engine().tooFarAhead(undefined as never), /skew.*undefined/],
    ['a watermark as text', () => engine().observe(0, '5' as never), /watermark.*"5"/],
    ['a watermark that is no number', () => engine().observe(0, Number.NaN), /watermark.*NaN/],
    ['a time to announce as text', () => engine().announce('now' as never), /until.*"now"/],
    ['a group as text', () => rows().push(0, 0, 1, 'a' as never), /group.*"a"/],
    ['a group below 0', () => rows().push(0, 0, 1, -1), /group.*-1/],
    ['partitions taken apart by letters', () => new Watermarks('01' as never), /partitions.*"01"/],
    ['a partition of watermarks as text', () => new Watermarks().add('1' as never), /partition.*"1"/],
    ['no watermark', () => new Watermarks([0]).observe(0, undefined as never), /watermark.*undefined/],
  ])('%s', (_, work, message) => {
    const { code, message: text } = refusal(work)
    expect(code).toBe('bad-argument')
    expect(text).toMatch(message)
  })

  it('a partition of the wrong type is an unknown one', () => {
    expect(refusal(() => engine().push('0' as never, { time }, 0, 1))).toMatchObject({
      code: 'unknown-partition',
    })
    expect(refusal(() => new Watermarks([0]).idle('0' as never))).toMatchObject({ code: 'unknown-partition' })
  })

  it('no snapshot is a bad one', () => {
    for (const none of [undefined, null, 5, 'x', []]) {
      expect(refusal(() => engine().restore(none as never))).toMatchObject({ code: 'bad-snapshot' })
    }
  })
})
