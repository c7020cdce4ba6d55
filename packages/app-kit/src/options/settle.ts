import { ExitCode } from '../exit/exit-code.js'
import { ExitError } from '../exit/exit-error.js'
import { BadValue } from '../values/bad-value.js'
import { type ConfigFile, readConfigFile } from './config-file.js'
import type { Candidate, Conflict, Party } from './conflict.js'
import { type Environment, unknownVariables, type VariableNames } from './environment.js'
import type { GivenFlags } from './given-flags.js'
import { flagOf, keyOf, type OptionTable, type OptionValues, variableOf } from './option.js'
import { byDefault, type Origin } from './origin.js'

/** The effective options of a run, each with its text and its origin. */
export interface Settled<T extends OptionTable> {
  readonly options: T
  readonly values: OptionValues<T>
  readonly texts: ReadonlyMap<keyof T & string, string | null>
  readonly origins: ReadonlyMap<Party<T>, Origin>
  /** Input files in the order given, `-` being stdin; empty where none were given. */
  readonly files: readonly string[]
}

export interface Sources {
  readonly given: GivenFlags
  readonly environment: Environment
  readonly variables: VariableNames
  /** Options whose variables are known besides the command's own: those of the app's other commands. */
  readonly otherOptions?: OptionTable
}

/** Finds what contradicts each other among options that are each in range. */
export type FindConflicts<T extends OptionTable> = (candidate: Candidate<T>) => Conflict<T>[]

const scalarExpected = 'a text, a number, true, false, or a list of them'

interface Problem {
  readonly usage: boolean
  readonly text: string
}

/**
 * Settles every option: of the sources of one option a flag takes precedence over a variable, that over the file, that over the
 * default. Only the text of the first is read. Options that contradict each other are refused whatever their sources.
 *
 * @throws ExitError with every problem at once; 64 when a flag is among them, otherwise 78
 */
export function settle<T extends OptionTable>(
  options: T,
  sources: Sources,
  findConflicts: FindConflicts<T>,
): Settled<T> {
  const { given, environment, variables, otherOptions } = sources
  const file = configFile(sources, options)
  const problems: Problem[] = [
    ...given.problems.map((text) => ({ usage: true, text })),
    ...(file?.problems ?? []).map((text) => ({ usage: false, text })),
    ...unknownVariables(environment, variables, { ...otherOptions, ...options }).map(({ text }) => ({
      usage: false,
      text,
    })),
  ]
  const unread = new Set<Party<T>>()
  const texts = new Map<keyof T & string, string | null>()
  const origins = new Map<Party<T>, Origin>()
  const values: Record<string, unknown> = {}
  for (const [name, { fallback, read }] of Object.entries(options)) {
    const [text, origin] = find(name, fallback, sources, file)
    origins.set(name, origin)
    texts.set(name, text)
    try {
      if (text === null && origin !== byDefault) throw new BadValue(scalarExpected, '{…}')
      values[name] = text === null ? null : read(text)
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      problems.push({ usage: origin.kind === 'flag', text: `${origin.name}: ${error.message}` })
      unread.add(name)
      values[name] = fallback === null ? null : read(fallback)
    }
  }
  const [files, filesOrigin] = inputFiles(given, file)
  origins.set('files', filesOrigin)
  const settled: Settled<T> = { options, values: values as OptionValues<T>, texts, origins, files }
  for (const conflict of findConflicts(candidateOf(settled))) {
    if (conflict.options.some((name) => unread.has(name))) continue
    const kinds = conflict.options.map((name) => origins.get(name)!.kind)
    // Where nothing was given, a flag is missing.
    const usage = kinds.includes('flag') || kinds.every((kind) => kind === 'default')
    problems.push({ usage, text: conflict.text })
  }
  if (problems.length > 0) {
    const code = problems.some(({ usage }) => usage) ? ExitCode.usage : ExitCode.configuration
    throw new ExitError(
      code,
      problems.map(({ text }) => text),
    )
  }
  return settled
}

/** The file that the flag names, or else the variable. */
function configFile({ given, environment, variables }: Sources, options: OptionTable): ConfigFile | null {
  if (given.config !== null) return readConfigFile(given.config, '--config', options)
  const name = variableOf(variables.prefix, 'config')
  const path = environment[name]
  if (path === undefined) return null
  if (path !== '') return readConfigFile(path, name, options)
  const problems = [`${name}: expected the path of a file, found none`]
  return { path: name, texts: new Map(), operands: null, problems }
}

/** The text that an option takes and where it comes from; null in a file means no text. */
function find(
  name: string,
  fallback: string | null,
  { given, environment, variables }: Sources,
  file: ConfigFile | null,
): [string | null, Origin] {
  const flag = given.texts.get(name)
  if (flag !== undefined) return [flag, { kind: 'flag', name: flagOf(name) }]
  const variable = variableOf(variables.prefix, name)
  const text = environment[variable]
  if (text !== undefined) return [text, { kind: 'variable', name: variable }]
  const entry = file?.texts.get(name)
  if (entry !== undefined) return [entry, { kind: 'file', name: `${file!.path}: ${keyOf(name)}` }]
  return [fallback, byDefault]
}

function inputFiles(given: GivenFlags, file: ConfigFile | null): [readonly string[], Origin] {
  if (given.operands.length > 0) return [given.operands, { kind: 'flag', name: 'the files' }]
  const files = file?.operands ?? null
  if (files !== null) return [files, { kind: 'file', name: `${file!.path}: files` }]
  return [[], byDefault]
}

function candidateOf<T extends OptionTable>(settled: Settled<T>): Candidate<T> {
  const { options, values, texts, origins, files } = settled
  return {
    values,
    files,
    given(party) {
      const { kind } = origins.get(party)!
      if (party === 'files') return kind === 'flag' || (kind === 'file' && !isStdin(files))
      return kind === 'flag' || (kind !== 'default' && texts.get(party) !== options[party]!.fallback)
    },
    named: (party) => named(party, settled),
  }
}

/** What no files at all stand for, too. */
function isStdin(files: readonly string[]): boolean {
  return files.length === 0 || (files.length === 1 && files[0] === '-')
}

function named<T extends OptionTable>(
  party: Party<T>,
  { options, texts, origins, files }: Settled<T>,
): string {
  const { kind, name } = origins.get(party)!
  if (party === 'files') return kind === 'file' ? `the files of ${name}` : `the files (${files.join(' ')})`
  const text = texts.get(party)
  switch (kind) {
    case 'flag':
      return options[party]!.argument === null
        ? text === 'false'
          ? `--no-${keyOf(party)}`
          : name
        : `${name} ${text}`
    case 'variable':
      return `${name}=${text}`
    case 'file':
      return `${name}: ${text}`
    case 'default':
      return text === null || text === undefined ? flagOf(party) : `${flagOf(party)} ${text} (the default)`
  }
}
