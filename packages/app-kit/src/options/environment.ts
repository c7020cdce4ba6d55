import { type OptionTable, variableOf } from './option.js'
import { didYouMean } from './suggestion.js'

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The variables that an app reads. */
export interface VariableNames {
  /** What the variables of its options begin with: `CARD_`. */
  readonly prefix: string
  /** Variables with that prefix that belong to something else. */
  readonly foreign: RegExp
}

/** A line for each variable with the prefix that no option and nothing else reads. */
export function unknownVariables(
  environment: Environment,
  { prefix, foreign }: VariableNames,
  options: OptionTable,
): { readonly variable: string; readonly text: string }[] {
  const known = [...Object.keys(options), 'config'].map((name) => variableOf(prefix, name))
  return Object.keys(environment)
    .filter((variable) => variable.startsWith(prefix) && !known.includes(variable) && !foreign.test(variable))
    .map((variable) => ({ variable, text: `unknown variable ${variable}${didYouMean(variable, known)}` }))
}
