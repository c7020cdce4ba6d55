import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { circlesOf, importsBelow } from './support/import-circles.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))

test('no sources import each other in a circle, not even types', () => {
  const graph = importsBelow(root, ['packages', 'apps', 'tools', 'benchmarks'])
  expect(graph.size).toBeGreaterThan(500)
  expect(circlesOf(graph).map((files) => files.join(' -> '))).toEqual([])
})

test.each<[string, Record<string, string>, string[][]]>([
  ['two files', { a: "import './b.js'", b: "import './a.js'" }, [['a', 'b']]],
  [
    'of types alone',
    { a: "import type { B } from './b.js'", b: "export type { A } from './a.js'" },
    [['a', 'b']],
  ],
  [
    'behind another file, and by a dynamic import',
    { a: "import './b.js'", b: "import './c.js'", c: "await import('./b.js')" },
    [['b', 'c']],
  ],
  ['a type named in place', { a: "export type B = import('./b.js').B", b: "import './a.js'" }, [['a', 'b']]],
  ['itself', { a: "import './a.js'" }, [['a']]],
  [
    'a diamond is none',
    { a: "import './b.js'\nimport './c.js'", b: "import './d.js'", c: "import './d.js'", d: '' },
    [],
  ],
])('a circle is found: %s', (_name, sources, circles) => {
  const folder = mkdtempSync(join(tmpdir(), 'card-circles-'))
  try {
    for (const [name, text] of Object.entries(sources)) {
      const path = join(folder, 'src', `${name}.ts`)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    }
    const found = circlesOf(importsBelow(folder, ['src']))
    expect(found).toEqual(circles.map((files) => files.map((name) => `src/${name}.ts`)))
  } finally {
    rmSync(folder, { recursive: true })
  }
})
