import { shown } from './shown.js'

/** What an argument must be. */
export interface Rule {
  /** Completes "expected …". */
  readonly expected: string
  accepts(value: unknown): boolean
  /** Completes "found …" for a value that is refused; by default as `shown` has it. */
  found?(value: unknown): string
}

export const text: Rule = {
  expected: 'a text that is not empty',
  accepts: (value) => typeof value === 'string' && value !== '',
}

export const flag: Rule = { expected: 'true or false', accepts: (value) => typeof value === 'boolean' }

export const callback: Rule = { expected: 'a function', accepts: (value) => typeof value === 'function' }

export function wholeNumber(least: number, most: number = Number.MAX_SAFE_INTEGER): Rule {
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`
  return {
    expected: `a whole number ${range}`,
    accepts: (value) =>
      Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
  }
}

/** The number of a partition, of 32 bits. */
export const partitionNumber = wholeNumber(0, 2 ** 31 - 1)

/** Milliseconds that a timer can wait. */
export const milliseconds = wholeNumber(1, 2 ** 31 - 1)

export const abortSignal: Rule = {
  expected: 'an AbortSignal',
  accepts: (value) =>
    isObject(value) && typeof value.aborted === 'boolean' && typeof value.addEventListener === 'function',
}

export function oneOf(...values: readonly unknown[]): Rule {
  return {
    expected: values.map((value) => shown(value)).join(' or '),
    accepts: (value) => values.includes(value),
  }
}

export function listOf(item: Rule, least = 0): Rule {
  return {
    expected: `an array${least === 0 ? '' : ' that is not empty'}, each item ${item.expected}`,
    accepts: (value) =>
      Array.isArray(value) && value.length >= least && value.every((each) => item.accepts(each)),
    found: (value) => {
      if (!Array.isArray(value)) return shown(value)
      const at = value.findIndex((each) => !item.accepts(each))
      return at < 0 ? shown(value) : `${foundBy(item, value[at])} as item ${at}`
    },
  }
}

export function either(...rules: readonly Rule[]): Rule {
  return {
    expected: rules.map(({ expected }) => expected).join(' or '),
    accepts: (value) => rules.some((rule) => rule.accepts(value)),
  }
}

/** An object of any members, each by the same rule. */
export function recordOf(member: Rule): Rule {
  return {
    expected: `an object, each member ${member.expected}`,
    accepts: (value) =>
      isObject(value) && Object.values(value).every((each) => each === undefined || member.accepts(each)),
    found: (value) => {
      if (!isObject(value)) return shown(value)
      const [name, each] = Object.entries(value).find(([, own]) => own !== undefined && !member.accepts(own))!
      return `${foundBy(member, each)} as ${shown(name)}`
    },
  }
}

/** What an error says was found in place of what a rule asks for. */
export function foundBy(rule: Rule, value: unknown): string {
  return rule.found?.(value) ?? shown(value)
}

export const bytesOrText: Rule = {
  expected: 'a Uint8Array or a string',
  accepts: (value) => typeof value === 'string' || value instanceof Uint8Array,
}

export const nothing: Rule = { expected: 'null', accepts: (value) => value === null }

/** Whether a value is an object with named members: not null, not an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)
}
