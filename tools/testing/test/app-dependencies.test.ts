import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { buildApp } from '../src/index.js'

const root = join(import.meta.dirname, '..', '..', '..')
const folders = (name: string) => readdirSync(join(root, name)).map((each) => join(root, name, each))
const dependenciesOf = (folder: string): string[] =>
  Object.keys(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).dependencies ?? {})

const apps = folders('apps')
/** Every package that any room or app may load. */
const known = [...new Set([...folders('packages'), ...apps].flatMap(dependenciesOf))].filter(
  // Those are built into the app.
  (name) => !name.startsWith('@card/') && name !== 'commander',
)

/** The packages that an app's program loads, at its start or later. */
async function packagesLoadedBy(app: string): Promise<string[]> {
  const folder = dirname(await buildApp(app))
  const programs = readdirSync(folder).filter((file) => file.endsWith('.js'))
  const text = programs.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n')
  return known.filter((name) => text.includes(`("${name}")`))
}

test.each(apps.map((app) => [app.slice(root.length + 1), app]))(
  '%s depends on what it loads and on nothing else',
  async (_name, app) => {
    expect((await packagesLoadedBy(app)).sort()).toEqual(dependenciesOf(app).sort())
  },
)

test('counter-worker, which compresses nothing, holds and needs no compressor', async () => {
  const loaded = await packagesLoadedBy(join(root, 'apps', 'counter-worker'))
  for (const library of ['snappyjs', 'lz4-napi', '@hpcc-js/wasm-zstd']) {
    expect(known).toContain(library)
    expect(loaded).not.toContain(library)
  }
})
