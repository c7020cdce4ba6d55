import { ExitError, type GivenFlags, type Sources } from '@card/app-kit'
import { sourcesOf } from '../../src/commands/program.js'
import { type GenerateOptions, readGenerateOptions } from '../../src/options/generate-options.js'

/** Values of flags by the names of their options; switches are true or false. */
export type Flags = Readonly<Record<string, string | boolean>>

/** The sources of a run that only flags and files are given to. */
export function flagSources(flags: Flags, operands: readonly string[] = []): Sources {
  const texts = new Map(Object.entries(flags).map(([name, value]) => [name, String(value)]))
  const given: GivenFlags = { texts, config: null, operands, problems: [] }
  return sourcesOf(given, {})
}

/** What `generate` makes of flags. */
export function generateOptions(flags: Flags): GenerateOptions {
  return readGenerateOptions(flagSources(flags))
}

/** The problems with which options are refused, one a line; none where they are taken. */
export function problemsOf(read: () => unknown): readonly string[] {
  try {
    read()
  } catch (error) {
    if (error instanceof ExitError) return error.problems
    throw error
  }
  return []
}
