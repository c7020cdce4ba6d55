import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fixturePaths } from '@card/testing'

/** The lines of every fixture file of a name: the package's own, and those below the folder that CARD_FIXTURES names. */
export function fixtureLines<T>(name: string): T[] {
  return fixturePaths(join(import.meta.dirname, 'fixtures'), name)
    .flatMap((path) => readFileSync(path, 'utf8').trim().split('\n'))
    .map((text) => JSON.parse(text) as T)
}
