import { readFileSync } from 'node:fs'
import type { Program } from './programs.js'

/** Distinct users of each window, by `WINDOW START`, as the producer's truth file has them. */
export type Truth = ReadonlyMap<string, number>

export function readTruth(file: string): Truth {
  const truth = new Map<string, number>()
  for (const [window, results] of Object.entries(JSON.parse(readFileSync(file, 'utf8')).windows)) {
    for (const { start, users } of results as { start: string; users: number }[]) {
      truth.set(`${window} ${start}`, users)
    }
  }
  return truth
}

/**
 * Holds what a program printed against the truth: every window there, none else, exact counts equal, others within four
 * standard errors.
 *
 * @returns `exact`, or the greatest error seen, as text for a table
 * @throws Error naming the first wrong window
 */
export function checkAnswer(program: Program, stdout: string, truth: Truth): string {
  const minutes = [...truth.keys()].filter((window) => window.startsWith('1m '))
  const expected = program.prints === 'results' ? [...truth.keys()] : minutes
  const counts = program.prints === 'results' ? resultLines(stdout) : minuteObject(stdout)
  let worst = 0
  for (const window of expected) {
    const users = truth.get(window)!
    const found = counts.get(window)
    if (found === undefined) throw new Error(`${window} is missing`)
    const error = Math.abs(found.count / users - 1)
    const allowed = found.exact === true || program.standardError === 0 ? 0 : 4 * program.standardError
    if (error > allowed) throw new Error(`${window}: ${found.count} users, expected ${users}`)
    worst = Math.max(worst, error)
  }
  if (counts.size > expected.length) {
    throw new Error(`${counts.size} windows, expected ${expected.length}`)
  }
  return worst === 0 ? 'exact' : `within ${(worst * 100).toFixed(2)} %`
}

type Counts = Map<string, { count: number; exact?: boolean }>

function resultLines(stdout: string): Counts {
  const counts: Counts = new Map()
  for (const line of stdout.trimEnd().split('\n')) {
    const { window, start, count, estimator } = JSON.parse(line)
    counts.set(`${window} ${start}`, { count, exact: estimator === 'exact' })
  }
  return counts
}

function minuteObject(stdout: string): Counts {
  const counts: Counts = new Map()
  for (const [seconds, count] of Object.entries<number>(JSON.parse(stdout))) {
    counts.set(`1m ${new Date(Number(seconds) * 1000).toISOString()}`, { count })
  }
  return counts
}
