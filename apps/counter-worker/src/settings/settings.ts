import { ExitCode, ExitError, messageOf } from '../exit.js'
import { type ConfigFile, readConfigFile } from './config-file.js'
import { crossChecks } from './cross-checks.js'
import { nearest } from './nearest.js'
import { type OptionName, type OptionValues, optionNames, optionTable, variableOf } from './option-table.js'
import type { Origin } from './origin.js'

/** The effective settings of a run, each with its text and its origin. */
export interface Settings {
  readonly values: OptionValues
  readonly texts: ReadonlyMap<OptionName, string | null>
  readonly origins: ReadonlyMap<OptionName, Origin>
  /** Input files in reading order; `-` is stdin; none where topics are read. */
  readonly files: readonly string[]
}

/** What the command line gave: texts by option, switches as `true`. */
export interface GivenFlags {
  readonly texts: ReadonlyMap<OptionName, string>
  readonly config: string | null
  readonly files: readonly string[]
  /** What is wrong with the command line itself. */
  readonly problems: readonly string[]
}

/** Variables of the same prefix that belong to the project's tools and tests, not to this program. */
const toolVariables = /^CARD_(FIXTURES|TEST_.*|KAFKA_CACHE|KAFKA_DATA|BENCH_.*|CI_.*)$/
/** Login and TLS of the brokers, which `--kafka-config` says as well: no option of theirs could keep a secret. */
const connectionVariables =
  /^CARD_KAFKA_(TLS|TLS_CA|TLS_CERTIFICATE|TLS_KEY|TLS_PASSPHRASE|SASL_MECHANISM|SASL_USERNAME|SASL_PASSWORD|SASL_PASSWORD_FILE)$/

/**
 * Settles every option: flag before environment before file before default.
 *
 * @throws ExitError with every problem at once; 64 when a flag is among them, otherwise 78
 */
export function settle(
  given: GivenFlags,
  environment: Readonly<Record<string, string | undefined>>,
): Settings {
  const file = configFile(given, environment)
  const problems: Problem[] = [
    ...given.problems.map((text) => ({ origin: { kind: 'flag', name: 'flags' } as const, text })),
    ...(file?.problems ?? []).map((text) => ({ origin: { kind: 'file', name: file!.path } as const, text })),
    ...unknownVariables(environment),
  ]
  const unread = new Set<OptionName>()
  const texts = new Map<OptionName, string | null>()
  const origins = new Map<OptionName, Origin>()
  const values: Partial<Record<OptionName, unknown>> = {}
  for (const name of optionNames) {
    const [text, origin] = find(name, given, environment, file)
    texts.set(name, text)
    origins.set(name, origin)
    try {
      values[name] = readText(name, text)
    } catch (error) {
      problems.push({ origin, text: `${origin.name} ${JSON.stringify(text)}: ${messageOf(error)}` })
      unread.add(name)
      values[name] = readText(name, optionTable[name].fallback)
    }
  }
  for (const { options, text } of crossChecks(values as OptionValues, origins, texts)) {
    // What an unreadable value would have meant nobody knows: it contradicts nothing.
    if (options.some((name) => unread.has(name))) continue
    const origin = options.map((name) => origins.get(name)!).find(({ kind }) => kind !== 'default')
    problems.push({ origin: origin ?? origins.get(options[0]!)!, text })
  }
  if (texts.get('brokers') !== null) problems.push(...filesBesideTopics(given, file))
  if (problems.length > 0) {
    const usage = problems.some(({ origin }) => origin.kind === 'flag')
    throw new ExitError(
      usage ? ExitCode.usage : ExitCode.configuration,
      problems.map(({ text }) => text),
    )
  }
  const none = texts.get('brokers') === null ? ['-'] : []
  const files = given.files.length > 0 ? given.files : (file?.files ?? none)
  return { values: values as OptionValues, texts, origins, files }
}

/** The file that the flag names, or else the variable; of an empty variable the problem alone. */
function configFile(
  { config }: GivenFlags,
  { CARD_CONFIG: variable }: Readonly<Record<string, string | undefined>>,
): ConfigFile | null {
  if (config !== null) return readConfigFile(config, '--config')
  if (variable === undefined) return null
  if (variable !== '') return readConfigFile(variable, 'CARD_CONFIG')
  const problems = ['CARD_CONFIG: expected the path of a file, found none']
  return { path: 'CARD_CONFIG', texts: new Map(), files: null, problems }
}

function readText(name: OptionName, text: string | null): unknown {
  return text === null ? null : optionTable[name].read(text)
}

interface Problem {
  readonly origin: Origin
  readonly text: string
}

function find(
  name: OptionName,
  given: GivenFlags,
  environment: Readonly<Record<string, string | undefined>>,
  file: ConfigFile | null,
): [string | null, Origin] {
  const flag = given.texts.get(name)
  if (flag !== undefined) return [flag, { kind: 'flag', name: `--${name}` }]
  const variable = environment[variableOf(name)]
  if (variable !== undefined) return [variable, { kind: 'variable', name: variableOf(name) }]
  const text = file?.texts.get(name)
  if (file !== null && text !== undefined) return [text, { kind: 'file', name: `${file.path}: ${name}` }]
  return [optionTable[name].fallback, { kind: 'default', name: 'default' }]
}

function filesBesideTopics(given: GivenFlags, file: ConfigFile | null): Problem[] {
  const text = 'files and --brokers: the input is either files or topics, give one of them'
  if (given.files.length > 0) return [{ origin: { kind: 'flag', name: 'files' }, text }]
  if ((file?.files ?? []).length === 0) return []
  return [{ origin: { kind: 'file', name: file!.path }, text: `${file!.path}: ${text}` }]
}

function unknownVariables(environment: Readonly<Record<string, string | undefined>>): Problem[] {
  const known = [...optionNames, 'config'].map(variableOf)
  return Object.keys(environment)
    .filter(
      (variable) =>
        variable.startsWith('CARD_') &&
        !known.includes(variable) &&
        !toolVariables.test(variable) &&
        !connectionVariables.test(variable),
    )
    .map((variable) => ({
      origin: { kind: 'variable', name: variable },
      text: `unknown variable ${variable}${nearest(variable, known)}`,
    }))
}
