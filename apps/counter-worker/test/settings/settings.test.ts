import { join } from 'node:path'
import { environmentNames } from '@card/kafka-io'
import { describe, expect, test } from 'vitest'
import { configText } from '../../src/settings/config-command.js'
import { counterOptions } from '../../src/settings/counter-options.js'
import { configFile, folder, refusal, settings } from './place-settings.js'

describe('precedence', () => {
  const path = configFile(
    'precedence.yaml',
    'windows: 1h\nlateness: 1m\nout-of-order: 3s\nfiles: [a.jsonl]\n',
  )

  test('a flag takes precedence over a variable, a variable over the file, the file over the default', () => {
    const { values, origins, files } = settings(['--config', path, '--windows', '1m'], {
      CARD_WINDOWS: '1d',
      CARD_LATENESS: '2m',
    })
    expect(values.windows.map(({ name }) => name)).toEqual(['1m'])
    expect([values.lateness, values['out-of-order'], values.precision]).toEqual([120_000, 3_000, 14])
    expect(
      ['windows', 'lateness', 'out-of-order', 'precision'].map(
        (name) => origins.get(name as 'windows')!.kind,
      ),
    ).toEqual(['flag', 'variable', 'file', 'default'])
    expect(files).toEqual(['a.jsonl'])
  })

  test('files on the command line go before those of the file; none at all is stdin', () => {
    expect(settings(['--config', path, 'b.jsonl', 'c.jsonl']).files).toEqual(['b.jsonl', 'c.jsonl'])
    expect(settings([]).files).toEqual(['-'])
  })

  test('JSON is read as well, lists are joined, the file may be named by CARD_CONFIG', () => {
    const json = configFile('list.json', '{"windows": ["1m", "1h"], "precision": 12, "sketches": true}')
    const { values } = settings([], { CARD_CONFIG: json })
    expect(values.windows.map(({ name }) => name)).toEqual(['1m', '1h'])
    expect([values.precision, values.sketches]).toEqual([12, true])
  })

  test('what config prints is a configuration file that gives the same values', () => {
    const first = settings([
      '--windows',
      '1m,1d',
      '--group-by',
      'video',
      '--max-ahead',
      'off',
      '--key',
      'none',
    ])
    const second = settings(['--config', configFile('printed.yaml', configText(first))])
    expect(second.values).toEqual(first.values)
  })
})

describe('refusals', () => {
  test('an unknown flag, a missing value and a bad value exit with 64', () => {
    expect(refusal(['--windowz', '1m']).code).toBe(64)
    expect(refusal(['--windows']).code).toBe(64)
    expect(refusal(['--windows', '2d']).code).toBe(64)
  })

  test('a bad variable, an unknown variable and a bad file exit with 78', () => {
    expect(refusal([], { CARD_WINDOWS: '2d' }).code).toBe(78)
    const unknown = refusal([], { CARD_WINDOW: '1m' })
    expect([unknown.code, unknown.message]).toEqual([
      78,
      expect.stringContaining('did you mean "CARD_WINDOWS"?'),
    ])
    expect(refusal(['--config', join(folder, 'missing.yaml')]).code).toBe(78)
    expect(refusal(['--config', configFile('broken.yaml', 'windows: [1m')]).code).toBe(78)
    expect(refusal(['--config', configFile('list.yaml', '- 1m')]).code).toBe(78)
    expect(refusal(['--config', configFile('nested.yaml', 'windows: {a: 1}')]).code).toBe(78)
  })

  test('every problem is named at once', () => {
    const path = configFile('many.yaml', 'precision: 99\nlatenes: 1m\nexpected: 5\nearly: {}\n')
    const file = refusal(['--config', path])
    expect(file.code).toBe(78)
    expect(file.problems).toEqual([
      `${path}: unknown key "latenes" (did you mean "lateness"?)`,
      `${path}: early: expected a text, a number, true, false, or a list of them, found "{…}"`,
      `${path}: precision: expected a whole number from 3 to 26, found "99"`,
      `${path}: expected: 5 sizes linear counting: it needs --estimator linear, found --estimator auto (the default)`,
    ])
    expect(
      refusal(['--config', join(folder, 'missing.yaml'), '--nothing', '--lateness', 'x']).problems,
    ).toEqual([
      expect.stringContaining('--nothing: unknown flag'),
      expect.stringContaining('missing.yaml'),
      expect.stringContaining('--lateness: expected a duration'),
    ])
    const both = refusal(['--lateness', 'x', '--early', 'y'], { CARD_PRECISION: '99' })
    expect(both.code).toBe(64)
    expect(both.problems).toHaveLength(3)
    expect(both.message).toContain(
      '--lateness: expected a duration such as 500ms, 5s, 1m, 2h, 1d or 1w, found "x"',
    )
  })

  test('a value that cannot be read is no party to a contradiction', () => {
    const broken = ['--estimator', 'no', '--expected', '5', '--group-by', '', '--max-groups', '7']
    expect(refusal(broken).problems).toHaveLength(2)
    expect(refusal(['--brokers', 'x', '--topic', 'likes', '--until', 'end']).problems).toHaveLength(1)
    expect(refusal(['--timezone', 'Mars', '--windows', '24h,1d', '--print']).problems).toEqual([
      expect.stringContaining('--timezone: expected the name of a time zone'),
      '--print needs --brokers',
    ])
  })

  test('variables of the project’s tools are left alone', () => {
    expect(settings([], { CARD_FIXTURES: '/x', CARD_TEST_REPORTS: '/y' }).values.precision).toBe(14)
  })

  test('threads are a whole number from 1 to 64, by flag before variable', () => {
    expect(settings([]).values.threads).toBe(1)
    expect(settings(['--threads', '3'], { CARD_THREADS: '2' }).values.threads).toBe(3)
    expect(settings([], { CARD_THREADS: '2' }).values.threads).toBe(2)
    for (const text of ['0', '65', '1.5', 'all']) {
      expect(refusal(['--threads', text]).message).toContain('expected a whole number from 1 to 64')
    }
  })

  test('settings that contradict each other are refused', () => {
    expect(refusal(['--error', '1', '--precision', '12']).message).toContain('give one of them')
    expect(refusal(['--estimator', 'linear']).message).toContain('--expected')
    expect(refusal(['--estimator', 'linear']).code).toBe(64)
    expect(refusal(['--expected', '1000']).message).toContain('needs --estimator linear')
    const bitmap = ['--estimator', 'linear', '--expected', '1000']
    expect(refusal([...bitmap, '--precision', '12']).message).toContain('is sized by --expected or --error')
    expect(refusal(['--estimator', 'hll', '--exact-limit', '5']).message).toContain('needs --estimator auto')
    expect(refusal(['--sketches', '--estimator', 'ull']).message).toContain('needs a HyperLogLog')
    expect(refusal(['--precision', '22']).message).toContain('from 4 to 21')
    expect(settings(['--precision', '22', '--estimator', 'ull']).values.precision).toBe(22)
    expect(refusal(['--sketches', '--key', 'none']).message).toContain('--sketches needs a key')
    expect(refusal(['--windows', '24h,1d']).message).toContain('the same size in UTC')
    expect(settings(['--windows', '24h,1d', '--timezone', 'Europe/Berlin']).values.timezone).toBe(
      'Europe/Berlin',
    )
    const days = ['--rolling', '48h/24h,2d/1d']
    expect(refusal(days).problems).toEqual([
      '--rolling 48h/24h,2d/1d: 48h/24h and 2d/1d are the same view in UTC: name it once',
    ])
    expect(settings([...days, '--timezone', 'Europe/Berlin']).values.rolling).toHaveLength(2)
    expect(refusal(['--timezone', 'Mars/Base']).message).toContain('time zone')
    expect(refusal(['--windows', '24h,1d', '--timezone', 'Etc/UTC']).message).toContain(
      'the same size in UTC',
    )
    expect(refusal(['--early', '30d']).message).toContain('at most 24d')
    expect(refusal(['--max-groups', '5']).message).toContain('needs --group-by')
  })

  test.each(['estimator=hll', 'exact-limit=5', 'precision=12', 'error=1', 'expected=5', 'sketches'])(
    'without a key there is nothing that --%s could mean',
    (setting) => {
      const [name, value = 'true'] = setting.split('=') as [string, string?]
      const problems = [expect.stringMatching(new RegExp(`${name}.* needs a key to count`))]
      const file = ['--config', configFile(`key-${name}.yaml`, `key: none\n${name}: ${value}\n`)]
      expect(refusal(['--key', 'none', `--${setting}`])).toMatchObject({ code: 64, problems })
      expect(refusal(file)).toMatchObject({ code: 78, problems })
    },
  )

  test('sizes of a sketch are refused where exact counting makes none, and taken where results carry one', () => {
    for (const size of ['--precision=14', '--error=1']) {
      expect(refusal(['--estimator', 'exact', size]).problems).toEqual([
        expect.stringContaining('needs --sketches'),
      ])
      expect(settings(['--estimator', 'exact', size, '--sketches']).values.estimator).toBe('exact')
    }
    for (const precision of ['3', '22', '26']) {
      const words = ['--sketches', '--precision', precision]
      for (const estimator of ['exact', 'hll']) {
        const { code, problems } = refusal([...words, '--estimator', estimator])
        const text = `--estimator ${estimator}: expected a precision from 4 to 21, found ${precision}`
        expect([code, problems]).toEqual([64, [text]])
      }
    }
    expect(refusal([], { CARD_ESTIMATOR: 'exact', CARD_PRECISION: '12' }).code).toBe(78)
    expect(settings([], { CARD_ESTIMATOR: 'exact', CARD_PRECISION: '14' }).values.precision).toBe(14)
  })

  test('an error out of reach is told in percent, with the least that can be asked for', () => {
    const cases = [
      [['hll'], '0.05', 'hll reaches 0.072 % at its greatest precision, 21'],
      [['auto'], '0.05', 'hll reaches 0.072 % at its greatest precision, 21'],
      [['exact', '--sketches'], '0.05', 'hll reaches 0.072 % at its greatest precision, 21'],
      [['ull'], '0.001', 'ull reaches 0.0093 % at its greatest precision, 26'],
      [
        ['linear', '--expected', '1000000'],
        '0.001',
        'linear reaches 0.0011 % for --expected 1000000, with its greatest bitmap of 512 MiB',
      ],
    ] as const
    for (const [estimator, error, text] of cases) {
      const words = ['--estimator', ...estimator, '--error']
      expect(refusal([...words, error]).problems).toEqual([`--error ${error}: ${text}`])
      const least = / reaches (\S+) %/.exec(text)![1]!
      expect(settings([...words, least]).values.error).toBe(Number(least))
    }
  })

  test.each(['1', '100', '10000000000'])('%s expected users have a bitmap', (expected) => {
    const { values } = settings(['--estimator', 'linear', '--expected', expected])
    expect(counterOptions(values)).toMatchObject({ estimator: 'linear', bits: expect.any(Number) })
  })

  test('a time zone needs a calendar size, or a rolling view with a step of one', () => {
    const zone = ['--timezone', 'Europe/Berlin']
    for (const words of [[], ['--windows', '24h,1h'], ['--rolling', '60m/1m']]) {
      expect(refusal([...zone, ...words]).problems).toEqual([expect.stringContaining('calendar sizes')])
    }
    expect(refusal([], { CARD_TIMEZONE: 'Europe/Berlin' }).code).toBe(78)
    for (const words of [
      ['--windows', '1m,1d'],
      ['--rolling', '30d/1d'],
    ]) {
      expect(settings([...zone, ...words]).values.timezone).toBe('Europe/Berlin')
    }
    // What the views are is not known: one problem is told, not two.
    expect(refusal([...zone, '--rolling', '30d']).problems).toHaveLength(1)
  })

  test('a format needs results on stdout', () => {
    const words = ['--brokers', 'h:1', '--topic', 'likes', '--out-topic', 'unique']
    for (const format of ['csv', 'ndjson']) {
      expect(refusal([...words, '--format', format]).problems).toEqual([
        expect.stringContaining('add --print'),
      ])
      expect(settings([...words, '--format', format, '--print']).values.format).toBe(format)
    }
    const variables = {
      CARD_BROKERS: 'h:1',
      CARD_TOPIC: 'likes',
      CARD_OUT_TOPIC: 'unique',
      CARD_FORMAT: 'csv',
    }
    expect(refusal([], variables).code).toBe(78)
    expect(settings(words, { CARD_FORMAT: 'ndjson' }).values.print).toBe(false)
  })

  test('an idle timeout beside --until end is taken, since one file may serve both kinds of runs', () => {
    const words = ['--brokers', 'h:1', '--topic', 'likes', '--until', 'end', '--idle-timeout', '3s']
    expect(settings(words).values['idle-timeout']).toBe(3000)
  })

  test('all contradictions are told in one go', () => {
    const words = ['--key', 'none', '--estimator', 'hll', '--precision', '12', '--timezone', 'Asia/Tokyo']
    expect(refusal(words).problems).toEqual([
      expect.stringMatching(/^--estimator /),
      expect.stringMatching(/^--precision /),
      expect.stringMatching(/^--timezone /),
    ])
  })

  test('flags of topics without --brokers, and files beside them, are refused by where they came from', () => {
    const topics = ['--brokers', 'localhost:9092', '--topic', 'likes']
    expect(refusal(['--topic', 'likes']).problems).toEqual(['--topic likes needs --brokers'])
    expect(refusal(['--from', 'earliest']).code).toBe(64)
    expect(refusal([], { CARD_LATE_TOPIC: 'late' }).code).toBe(78)
    expect(refusal(['--brokers', 'localhost:9092']).message).toContain(
      '--brokers localhost:9092 needs --topic',
    )
    expect(refusal([...topics, 'a.jsonl']).code).toBe(64)
    const both = 'files: [a.jsonl]\nbrokers: localhost:9092\ntopic: likes\n'
    expect(refusal(['--config', configFile('files.yaml', both)]).code).toBe(78)
    expect(settings(topics).files).toEqual([])
    expect(refusal([...topics, '--print']).message).toContain('--print needs --out-topic')
    expect(refusal([...topics, '--late-topic', 'a', '--late-file', 'b']).message).toContain(
      'give one of them',
    )
    expect(refusal([...topics, '--out-topic', 'likes']).message).toContain('it would feed itself')
    expect(refusal(['--brokers', 'h:1', '--topic', '/^l/', '--rejects-topic', 'lost']).code).toBe(64)
  })

  test('a topic is written by one setting only, {window} being each size and view', () => {
    const topics = ['--brokers', 'h:1', '--topic', 'likes', '--windows', '1m,1h', '--rolling', '30d/1d']
    const out = ['--out-topic', 'u.{window}']
    const cases = [
      [
        ['--late-topic', 'r', '--rejects-topic', 'r'],
        '--late-topic r is also --rejects-topic r: name another topic',
      ],
      [
        [...out, '--late-topic', 'u.1h'],
        '--late-topic u.1h is also --out-topic u.{window}: name another topic',
      ],
      [
        [...out, '--rejects-topic', 'u.30d-1d'],
        '--rejects-topic u.30d-1d is also --out-topic u.{window}: name another topic',
      ],
      [
        ['--rejects-topic', 'likes'],
        '--rejects-topic likes writes to likes, which --topic likes reads: it would feed itself',
      ],
    ] as const
    for (const [words, text] of cases) {
      expect(refusal([...topics, ...words])).toMatchObject({ code: 64, problems: [text] })
    }
    const three = ['--out-topic', 'r', '--rejects-topic', 'r', '--late-topic', 'r']
    expect(refusal([...topics, ...three]).problems).toHaveLength(2)
    expect(settings([...topics, ...out, '--late-topic', 'u.1d']).values['late-topic']).toBe('u.1d')
  })

  test('what config prints of topics is a configuration file, too, and of files as well', () => {
    const words = ['--brokers', 'h:1,i:2', '--topic', '/^l/', '--out-topic', 'u.{window}', '--http', '9464']
    for (const given of [words, []]) {
      const first = settings(given)
      const second = settings(['--config', configFile('printed-topics.yaml', configText(first))])
      expect([second.values, second.files]).toEqual([first.values, first.files])
    }
  })

  test('the connection has its own variables, others of that prefix are unknown', () => {
    for (const name of Object.keys(environmentNames))
      expect(settings([], { [name]: 'x' }).files).toEqual(['-'])
    expect(refusal([], { CARD_KAFKA_SASL_PASWORD: 'x' }).code).toBe(78)
  })

  test('a configuration file that is none is refused by whoever named it', () => {
    const long = configFile('long.yaml', `windows: 1h\n${'#'.repeat(2 ** 20)}\n`)
    const cases = [
      ['/dev/zero', '/dev/zero: expected a file or a pipe, found neither'],
      [folder, `${folder}: expected a file or a pipe, found neither`],
      [long, `${long}: expected at most 1 MiB of settings, found more`],
    ] as const
    for (const [path, text] of cases) {
      expect(refusal(['--config', path])).toMatchObject({ code: 78, problems: [`--config ${text}`] })
      expect(refusal([], { CARD_CONFIG: path })).toMatchObject({
        code: 78,
        problems: [`CARD_CONFIG ${text}`],
      })
    }
    const none = 'expected the path of a file, found none'
    expect(refusal([], { CARD_CONFIG: '' })).toMatchObject({ code: 78, problems: [`CARD_CONFIG: ${none}`] })
    expect(refusal(['--config', '']).code).toBe(64)
  })

  test('a configuration file may be as long as 1 MiB', () => {
    const path = configFile('longest.yaml', 'windows: 1h\n#'.padEnd(2 ** 20, '#'))
    expect(settings(['--config', path]).values.windows[0]!.name).toBe('1h')
  })

  test('a configuration file of several documents is told in one sentence', () => {
    const path = configFile('two.yaml', 'windows: 1m\n---\nwindows: 1h\n')
    expect(refusal(['--config', path])).toMatchObject({
      code: 78,
      problems: [`${path}: expected one YAML document, found several: name each setting in the first one`],
    })
  })

  test('a prototype key of a configuration file is an unknown key', () => {
    expect(refusal(['--config', configFile('proto.json', '{"__proto__": {"windows": "1h"}}')]).code).toBe(78)
  })
})
