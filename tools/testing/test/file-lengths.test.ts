import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Lines that a source may have at most, and those that half and nine tenths of all sources have at most. */
const limits = { longest: 300, ninetieth: 170, median: 70 }
/** Sources that are longer still: no longer than this, and off the list once they are split. */
const known: Record<string, number> = {
  // One loop over blocks of 64 bytes whose carries are all local.
  'packages/frames/assembly/object.ts': 314,
}

function linesOf(folders: readonly string[]): Map<string, number> {
  const lengths = new Map<string, number>()
  for (const parent of ['packages', 'apps']) {
    for (const each of readdirSync(join(root, parent))) {
      for (const folder of folders) {
        for (const file of sourcesBelow(join(root, parent, each, folder))) {
          lengths.set(relative(root, file), readFileSync(file, 'utf8').trimEnd().split('\n').length)
        }
      }
    }
  }
  return lengths
}

function sourcesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.includes('.generated.'))
      .map((name) => join(folder, name))
  } catch {
    return []
  }
}

test('no source is longer than one concept takes', () => {
  const lengths = linesOf(['src', 'assembly'])
  expect(lengths.size).toBeGreaterThan(400)
  const tooLong = [...lengths].filter(([file, lines]) => lines > (known[file] ?? limits.longest))
  expect(tooLong).toEqual([])
  const split = Object.keys(known).filter((file) => (lengths.get(file) ?? 0) <= limits.longest)
  expect(split, 'take these off the list of known ones').toEqual([])
})

test('most sources are short', () => {
  const sorted = [...linesOf(['src']).values()].sort((a, b) => a - b)
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(limits.median)
  expect(sorted[Math.floor(sorted.length * 0.9)]).toBeLessThanOrEqual(limits.ninetieth)
})
