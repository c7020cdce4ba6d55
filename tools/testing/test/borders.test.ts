import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** What the linter says of a source with this text, as if it stood at this path of the project. */
function lint(path: string, source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'card-borders-'))
  const { vcs: _, $schema, ...settings } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'))
  writeFileSync(join(folder, 'biome.json'), JSON.stringify(settings))
  for (const plugin of settings.plugins) cpSync(join(root, plugin), join(folder, plugin))
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), source)
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')
  const { stdout, stderr } = spawnSync(process.execPath, [biome, 'lint', path], {
    cwd: folder,
    encoding: 'utf8',
  })
  rmSync(folder, { recursive: true })
  // The message is broken into lines of the terminal.
  return (stdout + stderr).replace(/\s+/g, ' ')
}

test.each([
  [
    'a package that imports another',
    'packages/windowing/src/x.ts',
    "import '@card/frames'",
    'Packages never import each other',
  ],
  [
    'by its path, too',
    'packages/windowing/src/x.ts',
    "import '../../frames/src/index.js'",
    'Packages never import each other',
  ],
  [
    'the package that composes, of one that does I/O',
    'packages/counting/src/x.ts',
    "import '@card/kafka-io'",
    'Counting composes @card/windowing and @card/estimators',
  ],
  [
    'the package that composes, of a clock',
    'packages/counting/src/x.ts',
    'export const now = Date.now()',
    'No clock',
  ],
  ['a pure package that does I/O', 'packages/frames/src/x.ts', "import 'node:fs'", 'take bytes'],
  [
    'a package that imports an app',
    'packages/frames/src/x.ts',
    "import '../../../apps/producer/src/main.js'",
    'a package knows no app',
  ],
  [
    'a pure package that asks for the time',
    'packages/estimators/src/x.ts',
    'export const now = Date.now()',
    'No clock',
  ],
  [
    'a pure package that draws lots',
    'packages/windowing/src/x.ts',
    'export const lot = Math.random()',
    'No randomness.*seed as an argument',
  ],
  [
    'by another name, too',
    'packages/frames/src/x.ts',
    'export const lot = crypto.randomUUID()',
    'No randomness.*seed as an argument',
  ],
  [
    'a package that imports another while it runs',
    'packages/kafka-io/src/x.ts',
    "export const frames = await import('@card/frames')",
    'Packages never import each other',
  ],
  [
    'an app that reaches into a package',
    'apps/producer/src/x.ts',
    "import '../../../packages/frames/src/index.js'",
    'Import a room by its name',
  ],
  [
    'an app that imports another',
    'apps/producer/src/x.ts',
    "import '../../counter-worker/src/main.js'",
    'Apps never import each other',
  ],
])('the linter stops %s and says what to do', (_, path, source, message) => {
  expect(lint(path, `${source}\n`)).toMatch(new RegExp(message))
})

test('the linter lets an app compose packages', () => {
  expect(lint('apps/producer/src/x.ts', "import '@card/frames'\n")).not.toContain('noRestrictedImports')
})

test('the linter lets an app draw lots', () => {
  expect(lint('apps/producer/src/x.ts', 'export const lot = Math.random()\n')).not.toContain('No randomness')
})
