import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

/**
 * The files a fixture test reads: `name` in the package's own folder, and every file of the same name
 * at or below the folder that the environment variable `CARD_FIXTURES` names.
 *
 * @param ownFolder the package's `test/fixtures`
 * @returns paths, the package's own first; empty when the name is nowhere
 */
export function fixturePaths(ownFolder: string, name: string): string[] {
  const own = join(ownFolder, name)
  const paths = existsSync(own) ? [own] : []
  const outside = process.env.CARD_FIXTURES
  if (outside === undefined || outside === '') return paths
  const found = readdirSync(outside, { recursive: true, encoding: 'utf8' })
    .filter((path) => basename(path) === name)
    .sort()
  return [...paths, ...found.map((path) => join(outside, path))]
}
