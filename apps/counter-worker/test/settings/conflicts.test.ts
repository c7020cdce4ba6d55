import { variableOf } from '@card/app-kit'
import { describe, expect, test } from 'vitest'
import { configText } from '../../src/settings/config-command.js'
import { type OptionName, optionTable } from '../../src/settings/option-table.js'
import { configFile, place, refusal, settings } from './place-settings.js'

const kinds = ['flag', 'variable', 'file'] as const
const topics = ['brokers=h:1', 'topic=likes']

interface Pair {
  readonly one: string
  readonly other: string
  /** What either needs, from the source of the other. */
  readonly beside?: readonly string[]
}

/** Options that exclude each other, or of which one leaves no meaning to the other. */
const pairs: readonly Pair[] = [
  { one: 'error=1', other: 'precision=12' },
  { one: 'exact-limit=5', other: 'estimator=hll' },
  { one: 'exact-limit=5', other: 'estimator=exact' },
  { one: 'exact-limit=5', other: 'estimator=linear', beside: ['expected=5'] },
  { one: 'sketches=true', other: 'estimator=ull' },
  { one: 'sketches=true', other: 'estimator=linear', beside: ['expected=5'] },
  { one: 'precision=12', other: 'estimator=exact' },
  { one: 'precision=12', other: 'estimator=linear', beside: ['expected=5'] },
  { one: 'error=1', other: 'estimator=exact' },
  { one: 'expected=5', other: 'estimator=hll' },
  { one: 'estimator=hll', other: 'key=none' },
  { one: 'exact-limit=5', other: 'key=none' },
  { one: 'precision=12', other: 'key=none' },
  { one: 'error=1', other: 'key=none' },
  { one: 'expected=5', other: 'key=none' },
  { one: 'sketches=true', other: 'key=none' },
  { one: 'timezone=Europe/Berlin', other: 'windows=1h' },
  { one: 'format=csv', other: 'out-topic=unique', beside: topics },
  { one: 'late-topic=late', other: 'late-file=late', beside: topics },
  { one: 'rejects-topic=bad', other: 'rejects-file=bad', beside: topics },
  { one: 'late-topic=bad', other: 'rejects-topic=bad', beside: topics },
  { one: 'rejects-topic=likes', other: 'topic=likes', beside: ['brokers=h:1'] },
  { one: 'files=a.jsonl', other: 'brokers=h:1', beside: ['topic=likes'] },
]

/** How a refusal names an option of a source. */
function naming(setting: string, kind: (typeof kinds)[number]): string {
  const [name, value] = setting.split('=') as [OptionName | 'files', string]
  if (name === 'files') return kind === 'file' ? ': files' : 'the files (a.jsonl)'
  if (kind === 'variable') return `${variableOf('CARD_', name)}=${value}`
  if (kind === 'file') return `.json: ${name}: ${value}`
  return optionTable[name].argument === null ? `--${name}` : `--${name} ${value}`
}

describe('options that exclude each other are refused whatever their sources, and both are named', () => {
  for (const first of kinds) {
    for (const second of kinds) {
      const taken = pairs.filter(({ one }) => !(one.startsWith('files') && first === 'variable'))
      test.each(taken)(`$one as a ${first} and $other as a ${second}`, ({ one, other, beside = [] }) => {
        const placed = { flag: [] as string[], variable: [] as string[], file: [] as string[] }
        placed[first].push(one)
        placed[second].push(other, ...beside)
        const { code, problems } = refusal(...place(placed))
        expect(code).toBe(first === 'flag' || second === 'flag' ? 64 : 78)
        expect(problems).toEqual([expect.stringContaining(naming(one, first))])
        expect(problems[0]).toContain(naming(other, second))
      })
    }
  }
})

describe('what excludes nothing', () => {
  test('a default in a variable or file, so that a file that config printed serves beside a flag', () => {
    const printed = configFile('printed-defaults.yaml', configText(settings([])))
    expect(settings(['--config', printed, '--error', '1']).values.error).toBe(1)
    expect(settings(['--config', printed, '--brokers', 'h:1', '--topic', 'likes']).files).toEqual([])
    expect(settings(['--estimator', 'exact'], { CARD_PRECISION: '14' }).values.estimator).toBe('exact')
    expect(refusal(['--estimator', 'exact', '--precision', '14']).code).toBe(64)
  })

  test('a value that a higher source of the same option replaces, readable or not', () => {
    const file = configFile('replaced.yaml', 'precision: a lot\nerror: 1\nearly: {a: map}\n')
    const words = ['--config', file, '--precision', '12', '--early', 'off']
    const problem = `--precision 12`
    expect(refusal(words).problems).toEqual([expect.stringContaining(problem)])
    const alone = configFile('replaced-alone.yaml', 'precision: a lot\nearly: {a: map}\n')
    expect(settings(['--config', alone, '--precision', '12', '--early', 'off']).values.precision).toBe(12)
    expect(settings(['--windows', '1h'], { CARD_WINDOWS: 'nonsense' }).values.windows[0]!.name).toBe('1h')
  })

  test('a switch that a flag turns off', () => {
    const file = configFile('switch.yaml', 'sketches: true\n')
    expect(refusal(['--config', file, '--estimator', 'ull']).code).toBe(64)
    expect(settings(['--config', file, '--estimator', 'ull', '--no-sketches']).values.sketches).toBe(false)
  })
})

test('an option that lacks another names it, with its own source', () => {
  const cases = [
    [{ flag: ['print=true'], file: topics }, '--print needs --out-topic'],
    [{ flag: ['topic=likes'], file: ['windows=1h'] }, '--topic likes needs --brokers'],
    [{ variable: ['brokers=h:1'] }, 'CARD_BROKERS=h:1 needs --topic'],
    [{ file: ['max-groups=7'] }, 'max-groups: 7 needs --group-by'],
  ] as const
  for (const [placed, text] of cases) {
    expect(refusal(...place(placed)).problems).toEqual([expect.stringContaining(text)])
  }
})
