import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'

/** Texts by the names of options. */
type Texts = Readonly<Record<string, string>>

/** A value that an option takes and one that it does not. */
export interface OptionSample {
  readonly good: string
  /** Null: the option takes every text. */
  readonly bad: string | null
  /** Options that the good value needs beside it. */
  readonly beside?: Texts
}

/** Where one option is given. */
export interface GivenTexts {
  readonly flags: Texts
  readonly variables: Texts
  readonly file: Texts
}

export interface OptionContract {
  readonly samples: Readonly<Record<string, OptionSample>>
  readonly flagOf: (name: string) => string
  readonly variableOf: (name: string) => string
  readonly keyOf: (name: string) => string
  /** The values of all options. @throws an error with the `code` of the exit and `problems`, a line each */
  readonly read: (given: GivenTexts) => Readonly<Record<string, unknown>>
}

const nothing: GivenTexts = { flags: {}, variables: {}, file: {} }

/** What every option of every app keeps: one value from any source, and a refusal that names source and expectation. */
export function optionContract({ samples, flagOf, variableOf, keyOf, read }: OptionContract): void {
  const sources = ['flags', 'variables', 'file'] as const
  describe.each(Object.entries(samples))('%s', (name, { good, bad, beside = {} }) => {
    test('is the same by flag, by variable and by file', () => {
      const [flag, ...others] = sources.map(
        // As text: a value may hold functions, which are the same only to the eye.
        (source) => inspect(read({ ...nothing, [source]: { ...beside, [name]: good } })[name]),
      )
      expect(flag).not.toBe('undefined')
      for (const other of others) expect(other).toEqual(flag)
    })

    test.skipIf(bad === null)('refuses a bad value by its source, saying what was expected and found', () => {
      const names = { flags: flagOf(name), variables: variableOf(name), file: `: ${keyOf(name)}` }
      for (const source of sources) {
        const { code, problems } = refusal(() => read({ ...nothing, [source]: { ...beside, [name]: bad! } }))
        expect(code).toBe(source === 'flags' ? 64 : 78)
        expect(problems).toHaveLength(1)
        expect(problems[0]).toContain(`${names[source]}: expected `)
        expect(problems[0]).toContain(', found ')
      }
    })

    test('goes by flag before variable before file, and what is replaced is not read', () => {
      const replaced = { [name]: bad ?? 'replaced' }
      const given = { ...beside, [name]: good }
      const expected = inspect(read({ ...nothing, flags: given })[name])
      const byFlag = read({ flags: given, variables: replaced, file: replaced })
      const byVariable = read({ flags: {}, variables: given, file: replaced })
      expect([byFlag, byVariable].map((values) => inspect(values[name]))).toEqual([expected, expected])
    })
  })
}

function refusal(work: () => unknown): { readonly code: unknown; readonly problems: readonly string[] } {
  try {
    work()
  } catch (error) {
    return error as { code: unknown; problems: readonly string[] }
  }
  throw new Error('expected a refusal')
}
