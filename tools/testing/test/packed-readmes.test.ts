import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { transformSync } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CodeBlock, codeBlocks } from '../src/code-blocks.js'
import { installPacked, program, run } from './support/packed-package.js'

// Each published package as a user gets it: packed, installed into an empty project, its README tried block by block.
const root = join(import.meta.dirname, '../../..')
const folder = mkdtempSync(join(tmpdir(), 'card-packed-'))

interface Manifest {
  readonly name: string
  readonly private?: boolean
}

const foldersOf = (parent: string) => readdirSync(join(root, parent)).map((name) => join(root, parent, name))
const manifestOf = (path: string) => JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest
const isPrivate = (path: string) => manifestOf(path).private === true
const published = foldersOf('packages').filter((path) => !isPrivate(path))
const unpublished = foldersOf('packages').filter(
  (path) => isPrivate(path) && existsSync(join(path, 'README.md')),
)
/** Blocks that read from a broker are compiled, not run; the package's own tests run what they show. */
const needsBroker = ({ code }: CodeBlock) => code.includes("from '@card/kafka-io'")

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Compiles every block of TypeScript of a page under strict, in a project where its imports are installed. */
function compile(project: string, blocks: readonly CodeBlock[], flags: readonly string[] = []): void {
  const files = blocks.flatMap(({ language, code, line }) => {
    if (language !== 'ts') return []
    const file = `line-${line}.mts`
    // A block without imports is a script to the compiler, whose names would meet those of the others.
    writeFileSync(join(project, file), code.includes('import ') ? code : `${code}\nexport {}\n`)
    return [file]
  })
  if (files.length === 0) return
  const options = [
    '--strict',
    '--noUncheckedIndexedAccess',
    '--noEmit',
    '--skipLibCheck',
    '--target',
    'es2023',
  ]
  const resolution = ['--module', 'nodenext', '--moduleResolution', 'nodenext']
  const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')]
  run(
    process.execPath,
    [program('typescript', 'bin/tsc'), ...options, ...resolution, ...types, ...flags, ...files],
    project,
  )
}

/** What a block prints. */
function output(project: string, { code, language, line }: CodeBlock): string {
  const file = `line-${line}.mjs`
  writeFileSync(join(project, file), language === 'ts' ? transformSync(code, { loader: 'ts' }).code : code)
  return run(process.execPath, [file], project)
}

describe.each(published.map((path) => [manifestOf(path).name, path] as const))(
  '%s, packed and installed',
  (name, path) => {
    const blocks = codeBlocks(join(path, 'README.md'))
    let project = ''

    beforeAll(() => {
      project = installPacked(path, join(folder, name.replace('/', '-')))
    }, 180_000)

    it('is loaded by import and by require, with the same names', () => {
      writeFileSync(
        join(project, 'a.mjs'),
        `import * as all from '${name}'; console.log(Object.keys(all).sort().join())`,
      )
      writeFileSync(join(project, 'b.cjs'), `console.log(Object.keys(require('${name}')).sort().join())`)
      const names = run(process.execPath, ['a.mjs'], project)
      expect(names.length).toBeGreaterThan(5)
      expect(run(process.execPath, ['b.cjs'], project)).toBe(names)
    })

    it('has a README whose TypeScript compiles under strict', () => {
      expect(blocks.length).toBeGreaterThan(0)
      compile(project, blocks)
    })

    const runnable = blocks.filter((block) => !needsBroker(block))
    if (runnable.length === 0) return
    it('has a README whose blocks run and print what it says', () => {
      for (const block of runnable) {
        const printed = output(project, block)
        if (block.output !== null)
          expect(`line ${block.line}\n${printed}`).toBe(`line ${block.line}\n${block.output}`)
      }
    })
  },
)

describe.each(unpublished.map((path) => [manifestOf(path).name, path] as const))(
  '%s, in the workspace',
  (_, path) => {
    it('has a README whose TypeScript compiles under strict', () => {
      // Inside the package, so that it finds itself and its dependencies, from their sources.
      const project = mkdtempSync(join(path, '.readme-'))
      try {
        compile(project, codeBlocks(join(path, 'README.md')), ['--customConditions', '@card/source'])
      } finally {
        rmSync(project, { recursive: true, force: true })
      }
    })
  },
)

describe('The other pages', () => {
  const pages = [
    join(root, 'README.md'),
    join(root, 'CONTRIBUTING.md'),
    ...readdirSync(join(root, 'docs')).map((name) => join(root, 'docs', name)),
    ...foldersOf('apps').flatMap((path) =>
      readdirSync(path).includes('README.md') ? [join(path, 'README.md')] : [],
    ),
  ].filter((path) => path.endsWith('.md'))

  it('have no blocks of code that no test compiles', () => {
    const found = pages.flatMap((path) =>
      codeBlocks(path).map(
        ({ line }) => `${relative(root, path)}:${line}: move it into the README of a package`,
      ),
    )
    expect(pages.length).toBeGreaterThan(3)
    expect(found).toEqual([])
  })
})
