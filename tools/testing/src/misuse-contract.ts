import { inspect } from 'node:util'
import { expect, test } from 'vitest'

/** What plain JavaScript may pass where TypeScript would refuse it, by the name that tests give it. */
const wrongValues = {
  undefined: undefined,
  null: null,
  '{}': {},
  '[]': [],
  '5': 5,
  '-1': -1,
  '1.5': 1.5,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '5n': 5n,
  "'x'": 'x',
  "''": '',
  true: true,
  'Symbol()': Symbol('s'),
  'a function': () => undefined,
} as const

type WrongName = keyof typeof wrongValues

/** Every value but those named, for a parameter that takes most of what there is. */
export function anyBut(...refused: readonly WrongName[]): WrongName[] {
  return names.filter((name) => !refused.includes(name))
}

const names = Object.keys(wrongValues) as WrongName[]

/** A parameter of a call. */
export interface Parameter {
  /** Makes a value that the call takes. */
  readonly right: () => unknown
  /** Which of the wrong values the call takes, as its documentation says; `undefined` where it may be left out. */
  readonly takes?: readonly WrongName[]
}

interface MisusedCall {
  /** Makes what the method is called on, new for each call. */
  readonly on?: () => object
  /** The function, where it is not an export or a method of one. */
  readonly call?: (...args: never[]) => unknown
  readonly parameters: readonly Parameter[]
}

interface MisuseContract {
  /** The exports of the package. */
  readonly api: Readonly<Record<string, unknown>>
  /** Its error class. */
  readonly refusal: abstract new (
    ...args: never[]
  ) => Error
  /** By `function`, `Class` (its constructor), `Class.static`, `Class#method`; any other name needs a `call`. */
  readonly calls: Readonly<Record<string, MisusedCall>>
  /** Names, or `#method` of any class, that are not part of the API (`private` or `@internal`), or called in another way. */
  readonly internal?: readonly string[]
}

/**
 * What every package keeps: a call with a wrong argument throws the package's error, with a code and what was found,
 * unless the documentation says what the call makes of it. The exports are listed by the module itself, so that none
 * is left out.
 */
export function misuseContract({ api, refusal, calls, internal = [] }: MisuseContract): void {
  const isPublic = (name: string) => !internal.includes(name) && !internal.includes(name.replace(/^.*#/, '#'))
  test('every function, class and method of the package is called with wrong arguments', () => {
    const listed = Object.keys(calls).filter((name) => calls[name]!.call === undefined)
    expect(listed.sort()).toEqual(callables(api, refusal.name).filter(isPublic))
  })

  test.each(Object.entries(calls))(
    '%s refuses wrong arguments and says what it found',
    async (name, misused) => {
      const { parameters } = misused
      const found: string[] = []
      const call = async (args: readonly unknown[], takes: boolean, described: string) => {
        const outcome = await outcomeOf(() => invoked(api, name, misused, args), refusal)
        const isRight = takes ? outcome.startsWith('took it') : /^[a-z-]+: .*found/is.test(outcome)
        if (!isRight) found.push(`${described}: ${outcome}`)
      }
      for (const [at, { takes = [] }] of parameters.entries()) {
        for (const wrong of names) {
          const args = parameters.map((parameter) => parameter.right())
          args[at] = wrongValues[wrong]
          await call(args, takes.includes(wrong), `argument ${at + 1} is ${wrong}`)
        }
      }
      const mayBeLeftOut = parameters.every(({ takes = [] }) => takes.includes('undefined'))
      await call([], mayBeLeftOut, 'no argument')
      expect(found).toEqual([])
    },
  )
}

/** What came of a call: the refusal as `code: message`, or what was returned, or what should never have been thrown. */
async function outcomeOf(call: () => unknown, refusal: MisuseContract['refusal']): Promise<string> {
  try {
    return `took it and returned ${inspect(await call(), { depth: 0 }).slice(0, 200)}`
  } catch (error) {
    if (!(error instanceof refusal)) return `threw ${inspect(error).slice(0, 500)}`
    return `${(error as { code?: unknown }).code}: ${error.message}`
  }
}

function invoked(
  api: Readonly<Record<string, unknown>>,
  name: string,
  { on, call }: MisusedCall,
  args: readonly unknown[],
): unknown {
  if (call !== undefined) return call(...(args as never[]))
  const [owner, method] = name.split(/[.#]/) as [string, string | undefined]
  const exported = api[owner] as Callable
  if (method === undefined) return construct(exported, args)
  const target = (name.includes('#') ? on!() : exported) as Record<string, Callable>
  return target[method]!(...args)
}

type Callable = ((...args: readonly unknown[]) => unknown) & (new (...args: readonly unknown[]) => object)

function construct(exported: Callable, args: readonly unknown[]): unknown {
  return isClass(exported) ? new exported(...args) : exported(...args)
}

function isClass(value: unknown): boolean {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value))
}

/** Everything that can be called, by the names of `MisuseContract.calls`, sorted; the error class is only caught. */
function callables(api: Readonly<Record<string, unknown>>, error: string): string[] {
  const found = Object.entries(api).flatMap(([name, value]) => {
    if (typeof value !== 'function' || name === error) return []
    if (!isClass(value)) return [name]
    const { prototype } = value as Callable
    const statics = methodsOf(value, Function.prototype).map((method) => `${name}.${method}`)
    const methods = methodsOf(prototype as object, Object.prototype).map((method) => `${name}#${method}`)
    return [name, ...statics, ...methods]
  })
  return found.sort()
}

/** Names of the methods of an object and of what it inherits from, up to `top`. */
function methodsOf(object: object, top: object): string[] {
  const found = new Set<string>()
  for (let at: object = object; at !== top && at !== null; at = Object.getPrototypeOf(at)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (typeof value === 'function' && name !== 'constructor') found.add(name)
    }
  }
  return [...found]
}
