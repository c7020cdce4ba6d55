import { describe, expect, test } from 'vitest'
import { renderSettings } from '../../src/settings/config-command.js'
import { type OptionName, optionTable } from '../../src/settings/option-table.js'
import { configFile, type Placed, place, refusal, settings } from './place-settings.js'

/** The higher source before the lower. */
const sources = [
  ['flag', 'variable'],
  ['flag', 'file'],
  ['variable', 'file'],
] as const

const topics = ['brokers=h:1', 'topic=likes']

interface Pair {
  readonly higher: string
  readonly lower: string
  /** What belongs to the higher and what to the lower, so that each alone is taken. */
  readonly with?: readonly string[]
  readonly lowerWith?: readonly string[]
}

/** Settings of which the higher source's leaves no meaning to the lower's. */
const pairs: readonly Pair[] = [
  ...bothWays('error=1', 'precision=12'),
  ...bothWays('estimator=hll', 'exact-limit=5'),
  ...bothWays('estimator=exact', 'exact-limit=5'),
  ...bothWays('estimator=ull', 'sketches=true'),
  ...bothWays('estimator=exact', 'precision=12'),
  ...bothWays('estimator=exact', 'error=1'),
  ...bothWays('key=none', 'estimator=hll'),
  ...bothWays('key=none', 'exact-limit=5'),
  ...bothWays('key=none', 'precision=12'),
  ...bothWays('key=none', 'error=1'),
  ...bothWays('key=none', 'sketches=true'),
  { higher: 'key=none', lower: 'expected=5', lowerWith: ['estimator=linear'] },
  { higher: 'estimator=linear', lower: 'precision=12', with: ['expected=5'] },
  { higher: 'precision=12', lower: 'estimator=linear', lowerWith: ['expected=5'] },
  { higher: 'estimator=linear', lower: 'sketches=true', with: ['expected=5'] },
  { higher: 'sketches=true', lower: 'estimator=linear', lowerWith: ['expected=5'] },
  { higher: 'estimator=linear', lower: 'exact-limit=5', with: ['expected=5'] },
  { higher: 'exact-limit=5', lower: 'estimator=linear', lowerWith: ['expected=5'] },
  { higher: 'estimator=hll', lower: 'expected=5', lowerWith: ['estimator=linear'] },
  { higher: 'estimator=auto', lower: 'expected=5', lowerWith: ['estimator=linear'] },
  { higher: 'windows=1m', lower: 'timezone=Europe/Berlin', lowerWith: ['windows=1d'] },
  { higher: 'out-topic=unique', lower: 'format=csv', with: topics },
  { higher: 'format=csv', lower: 'out-topic=unique', with: topics },
  ...bothWays('late-topic=late', 'late-file=late', topics),
  ...bothWays('rejects-topic=bad', 'rejects-file=bad', topics),
]

function bothWays(one: string, other: string, both: readonly string[] = []): Pair[] {
  return [
    { higher: one, lower: other, with: both },
    { higher: other, lower: one, with: both },
  ]
}

function nameOf(setting: string): OptionName {
  return setting.slice(0, setting.indexOf('=')) as OptionName
}

describe('of settings that exclude each other the one of the higher source is taken', () => {
  for (const [high, low] of sources) {
    test.each(pairs)(`$higher as a ${high} overrides $lower as a ${low}`, (pair) => {
      const { higher, lower, with: more = [], lowerWith = [] } = pair
      const below = settings(...place({ [low]: [lower, ...lowerWith, ...(more === topics ? topics : [])] }))
      expect(below.texts.get(nameOf(lower))).toBe(lower.slice(lower.indexOf('=') + 1))

      const both = settings(...place({ [high]: [higher, ...more], [low]: [lower, ...lowerWith] }))
      expect(both.texts.get(nameOf(higher))).toBe(higher.slice(higher.indexOf('=') + 1))
      expect(both.origins.get(nameOf(higher))!.kind).toBe(high)
      expect(both.texts.get(nameOf(lower))).toBe(optionTable[nameOf(lower)].fallback)
      expect(both.origins.get(nameOf(lower))!.kind).toBe('default')
      expect(both.overridden.get(nameOf(lower))).toMatchObject({ was: { kind: low }, by: { kind: high } })
    })
  }

  test.each(pairs)('$higher and $lower of one source are refused', ({ higher, lower, with: more = [] }) => {
    for (const source of ['flag', 'variable', 'file'] as const) {
      const placed = place({ [source]: [higher, lower, ...more] })
      expect(refusal(...placed).code).toBe(source === 'flag' ? 64 : 78)
    }
  })
})

describe('what belongs to an overridden setting goes with it', () => {
  const file = [...topics, 'group=g', 'from=latest', 'idle-timeout=3s', 'out-topic=unique', 'print=true']

  test('input files on the command line override topics, with all that is only of topics', () => {
    const { values, files, overridden } = settings(
      ...place({ flag: ['files=a.jsonl'], file: [...file, 'late-topic=late', 'windows=1h'] }),
    )
    expect(files).toEqual(['a.jsonl'])
    expect(values).toMatchObject({
      brokers: null,
      topic: null,
      'out-topic': null,
      print: false,
      from: 'earliest',
    })
    expect(values.windows[0]!.name).toBe('1h')
    expect([...overridden.keys()].sort()).toEqual([
      'brokers',
      'from',
      'group',
      'idle-timeout',
      'late-topic',
      'out-topic',
      'print',
      'topic',
    ])
  })

  test.each(['flag', 'variable'])(
    'brokers as a %s override the input files of a configuration file',
    (high) => {
      expect(settings(...place({ [high]: topics, file: ['files=a.jsonl'] })).files).toEqual([])
    },
  )

  test('a file of linear counting is read as one of HyperLogLog by a flag alone', () => {
    const linear = ['estimator=linear', 'expected=5000', 'error=2']
    const { values } = settings(...place({ flag: ['estimator=hll'], file: linear }))
    expect(values).toMatchObject({ estimator: 'hll', expected: null, error: 2 })
    // The estimator gives way to the flag, and what sizes it goes with it.
    const sized = settings(...place({ flag: ['precision=12'], file: ['estimator=linear', 'expected=5000'] }))
    expect(sized.values).toMatchObject({ estimator: 'auto', expected: null, precision: 12 })
  })

  test('topics without their output override --print of a lower source', () => {
    const { values } = settings(...place({ flag: ['late-topic=late'], file: [...file, 'late-file=late'] }))
    expect(values).toMatchObject({ 'late-topic': 'late', 'late-file': null, print: true })
    const csv = settings(...place({ flag: ['format=csv'], file: [...topics, 'out-topic=unique'] }))
    expect(csv.values).toMatchObject({ format: 'csv', 'out-topic': null })
  })

  test('the highest source decides first, so that what it overrides overrides nothing', () => {
    const { values, overridden } = settings(
      ...place({ flag: ['precision=12'], variable: ['error=1'], file: ['precision=13'] }),
    )
    expect(values).toMatchObject({ precision: 12, error: null })
    expect([...overridden.keys()]).toEqual(['error'])
    const three = settings(
      ...place({ flag: ['error=2'], variable: ['estimator=linear', 'expected=9'], file: ['precision=13'] }),
    )
    expect(three.values).toMatchObject({ estimator: 'linear', error: 2, precision: 14 })
    const chain = settings(
      ...place({ flag: ['sketches=true'], variable: ['estimator=ull'], file: ['exact-limit=5'] }),
    )
    expect(chain.values).toMatchObject({ sketches: true, estimator: 'auto', 'exact-limit': 5 })
  })
})

describe('what no other source excludes stays refused', () => {
  test('a setting that lacks another is no rival of it', () => {
    const cases: [Placed, string][] = [
      [{ flag: ['expected=5'], file: ['estimator=hll'] }, 'needs --estimator linear'],
      [{ flag: ['estimator=linear'], file: ['expected=5', 'precision=12', 'windows=1h'] }, ''],
      [{ flag: ['timezone=Europe/Berlin'], file: ['windows=1h'] }, 'calendar sizes'],
      [{ flag: ['print=true'], file: topics }, '--print needs --out-topic'],
      [{ flag: ['topic=likes'], file: ['windows=1h'] }, '--topic needs --brokers'],
    ]
    for (const [placed, text] of cases) {
      if (text === '') expect(settings(...place(placed)).values.expected).toBe(5)
      else expect(refusal(...place(placed)).problems).toEqual([expect.stringContaining(text)])
    }
  })

  test('values out of range and topics that would feed themselves are refused from any source', () => {
    const cases: [Placed, string][] = [
      [{ flag: ['estimator=hll'], file: ['estimator=ull', 'precision=24'] }, 'from 4 to 21, found 24'],
      [{ flag: ['topic=bad'], file: [...topics, 'rejects-topic=bad'] }, 'it would feed itself'],
      [{ flag: ['late-topic=bad'], file: [...topics, 'rejects-topic=bad'] }, 'name another topic'],
    ]
    for (const [placed, text] of cases) {
      expect(refusal(...place(placed)).problems).toEqual([expect.stringContaining(text)])
    }
  })

  test('a refusal says what gave way before', () => {
    const placed = place({ flag: ['files=a.jsonl', 'topic=likes'], variable: ['brokers=h:1'] })
    expect(refusal(...placed)).toMatchObject({
      code: 64,
      problems: ['--topic needs --brokers (the files overrode CARD_BROKERS)'],
    })
  })
})

describe('config', () => {
  test('says of each value where it came from and what it overrode', () => {
    const path = configFile(
      'rivals.yaml',
      'precision: 12\nestimator: linear\nexpected: 5000\nfiles: [a.jsonl]\n',
    )
    const lines = renderSettings(settings(['--config', path, '--precision', '13'])).split('\n')
    expect(lines).toContain('precision: "13" # --precision')
    expect(lines).toContain(`estimator: auto # default; --precision overrode file ${path}: estimator`)
    expect(lines).toContain(`# expected: not set; --precision overrode file ${path}: expected`)
    const read = renderSettings(
      settings(['--config', path, '--estimator', 'auto'], { CARD_BROKERS: 'h:1', CARD_TOPIC: 'likes' }),
    )
    expect(read).toContain(`# files: not set; CARD_BROKERS overrode file ${path}: files\n`)
  })

  test('prints a configuration file that gives the same values without what was overridden', () => {
    const first = settings(
      ...place({ flag: ['files=a.jsonl', 'error=1'], file: [...topics, 'precision=12'] }),
    )
    const second = settings(['--config', configFile('printed-rivals.yaml', renderSettings(first))])
    expect([second.values, second.files]).toEqual([first.values, first.files])
    expect(second.overridden.size).toBe(0)
  })

  test('prints a file of inputs that brokers of a higher source override', () => {
    const path = configFile('printed-stdin.yaml', renderSettings(settings([])))
    expect(settings(['--config', path, '--brokers', 'h:1', '--topic', 'likes']).files).toEqual([])
  })
})
