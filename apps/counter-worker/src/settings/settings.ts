import { ExitCode, ExitError, messageOf } from '../exit.js'
import { type ConfigFile, readConfigFile } from './config-file.js'
import type { Party } from './conflict.js'
import { nearest } from './nearest.js'
import {
  type OptionName,
  type OptionValues,
  optionNames,
  optionTable,
  readText,
  variableOf,
} from './option-table.js'
import type { Origin } from './origin.js'
import { conflictText, type Overridden, overrideRivals } from './overriding.js'

/** The effective settings of a run, each with its text and its origin. */
export interface Settings {
  readonly values: OptionValues
  readonly texts: ReadonlyMap<OptionName, string | null>
  readonly origins: ReadonlyMap<Party, Origin>
  /** What gave way to a setting of a higher source that it is at odds with, and stands at its default. */
  readonly overridden: ReadonlyMap<Party, Overridden>
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
 * Settles every option: flag before environment before file before default. Of options that exclude each other the one of
 * the higher source is taken, and those of one source are refused.
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
  const origins = new Map<Party, Origin>()
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
  const [inputs, inputsOrigin] = inputFiles(given, file)
  origins.set('files', inputsOrigin)
  const { settings, conflicts } = overrideRivals(
    { values: values as OptionValues, texts, origins, overridden: new Map(), files: inputs },
    unread,
  )
  for (const conflict of conflicts) {
    const blamed = conflict.options.map((name) => origins.get(name)!)
    const origin = blamed.find(({ kind }) => kind !== 'default') ?? blamed[0]!
    problems.push({ origin, text: conflictText(conflict, settings) })
  }
  if (problems.length > 0) {
    const usage = problems.some(({ origin }) => origin.kind === 'flag')
    throw new ExitError(
      usage ? ExitCode.usage : ExitCode.configuration,
      problems.map(({ text }) => text),
    )
  }
  const stdin = settings.values.brokers === null && settings.origins.get('files')!.kind === 'default'
  return stdin ? { ...settings, files: ['-'] } : settings
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

function inputFiles(given: GivenFlags, file: ConfigFile | null): [readonly string[], Origin] {
  if (given.files.length > 0) return [given.files, { kind: 'flag', name: 'the files' }]
  const files = file?.files ?? null
  if (files !== null) return [files, { kind: 'file', name: `${file!.path}: files` }]
  return [[], { kind: 'default', name: 'default' }]
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
