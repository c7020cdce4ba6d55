import { KafkaIoError } from '../errors.js'
import { foundBy, isObject, type Rule } from './rules.js'
import { shown } from './shown.js'

/** The members of an options object: what each must be, and which are required. */
export interface OptionRules {
  readonly required?: Readonly<Record<string, Rule>>
  readonly optional?: Readonly<Record<string, Rule>>
}

/**
 * Checks an options object for callers without types.
 *
 * @param what names it in the message, for example `KafkaSink.open`
 * @throws `bad-settings`, with every problem
 */
export function checkOptions(what: string, options: unknown, rules: OptionRules): void {
  const problems = optionProblems(options, rules)
  if (problems.length > 0) throw badArguments(what, problems)
}

/** Every problem of an options object; empty if there is none. A member that is undefined counts as absent. */
export function optionProblems(
  options: unknown,
  { required = {}, optional = {} }: OptionRules,
  at = '',
): string[] {
  if (!isObject(options))
    return [`expected ${at === '' ? 'options' : at} to be an object, found ${shown(options)}`]
  const path = (name: string) => (at === '' ? name : `${at}.${name}`)
  const problems: string[] = []
  for (const name of Object.keys(required)) {
    if (options[name] === undefined)
      problems.push(`${path(name)} is missing: expected ${required[name]!.expected}, found undefined`)
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue
    const rule = ownRule(required, name) ?? ownRule(optional, name)
    if (rule === undefined) {
      const known = [...Object.keys(required), ...Object.keys(optional)].join(', ')
      problems.push(`${path(name)} is unknown; known are ${known}`)
    } else if (!rule.accepts(value)) {
      problems.push(`${path(name)}: expected ${rule.expected}, found ${foundBy(rule, value)}`)
    }
  }
  return problems
}

/** @throws `bad-settings` where the argument is not what the rule asks for */
export function checkArgument(what: string, name: string, value: unknown, rule: Rule): void {
  if (!rule.accepts(value))
    throw badArguments(what, [`${name}: expected ${rule.expected}, found ${foundBy(rule, value)}`])
}

export function badArguments(what: string, problems: readonly string[]): KafkaIoError {
  return new KafkaIoError(
    'bad-settings',
    `${what} was called with wrong arguments:\n- ${problems.join('\n- ')}`,
  )
}

function ownRule(rules: Readonly<Record<string, Rule>>, name: string): Rule | undefined {
  return Object.hasOwn(rules, name) ? rules[name] : undefined
}
