import fc from 'fast-check'
import { estimators, panes, type Result } from '../src/index.js'

/** Groups that are hard on quoting: any text, and names that mean something to objects, CSV or JSON. */
export const groups = fc.oneof(
  fc.constantFrom(
    '',
    '__proto__',
    'constructor',
    'null',
    'total',
    'a,b',
    'a"b',
    'a\r\nb',
    '"',
    '\u0000\u001f\u2028',
  ),
  fc.string({ unit: 'binary' }),
  // Lone surrogates too.
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
)

const farthest = 8_640_000_000_000_000
export const times = fc.oneof(
  fc.integer({ min: Date.UTC(1, 0, 1), max: Date.UTC(9998, 11, 31) }),
  fc.integer({ min: -farthest, max: farthest }),
)

/** Every result that can be written. */
export const results: fc.Arbitrary<Result> = fc
  .record({
    window: fc.oneof(fc.constantFrom('1m', '1d', '30d/1d'), fc.string({ minLength: 1 })),
    times: fc.tuple(times, times).filter(([a, b]) => a !== b),
    group: fc.option(groups),
    counts: fc.array(fc.maxSafeNat(), { minLength: 4, maxLength: 4 }),
    unbounded: fc.boolean(),
    estimator: fc.constantFrom(...estimators),
    pane: fc.constantFrom(...panes),
    revision: fc.maxSafeNat(),
    sketch: fc.option(fc.uint8Array({ minLength: 1, maxLength: 40 })),
    total: fc.boolean(),
  })
  .map(({ times, counts, unbounded, sketch, total, ...rest }) => {
    const [start, end] = times.sort((a, b) => a - b)
    const [lower, count, upper, events] = counts.sort((a, b) => a - b)
    return {
      ...rest,
      group: total ? null : rest.group,
      start: start!,
      end: end!,
      lower: lower!,
      count: count!,
      upper: unbounded ? null : upper!,
      events: events!,
      ...(sketch !== null && { sketch: Buffer.from(sketch).toString('base64') }),
      ...(total && { total: true as const }),
    }
  })

/** One that is easy to read. */
export const example: Result = {
  window: '1m',
  start: Date.UTC(2016, 6, 11, 13, 39),
  end: Date.UTC(2016, 6, 11, 13, 40),
  group: null,
  count: 16193,
  lower: 16193,
  upper: 16193,
  estimator: 'exact',
  events: 20480,
  pane: 'final',
  revision: 0,
}
