import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { missingTool } from '@card/testing'
import { build } from 'esbuild'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as estimators from '../src/index.js'
import { chromiumPath } from './support/chromium-path.js'
import { fingerprint } from './support/fingerprint.js'

// The package as npm would install it, in an empty project: built, packed and installed.
const root = join(import.meta.dirname, '..')
const require = createRequire(import.meta.url)
const folder = mkdtempSync(join(tmpdir(), 'card-estimators-'))
const project = join(folder, 'project')

function run(command: string, args: string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? ''}${stderr}${stdout}`)
  return stdout
}

const node = (file: string) => run(process.execPath, [file], project)
const binary = (name: string, entry: string) => join(require.resolve(`${name}/package.json`), '..', entry)

beforeAll(() => {
  const copy = join(folder, 'package')
  mkdirSync(copy)
  for (const name of ['package.json', 'README.md', 'src'])
    cpSync(join(root, name), join(copy, name), { recursive: true })
  run(
    process.execPath,
    [binary('tsup', 'dist/cli-default.js'), '--out-dir', join(copy, 'dist'), '--silent'],
    root,
  )
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], copy)
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }')
  run(
    'npm',
    ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', `../${archive}`],
    project,
  )
}, 120_000)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('The packed package, installed into an empty project', () => {
  it('is loaded by import and by require, with the same names', () => {
    const names = 'Object.keys(estimators).sort().join()'
    writeFileSync(
      join(project, 'a.mjs'),
      `import * as estimators from '@card/estimators'; console.log(${names})`,
    )
    writeFileSync(
      join(project, 'b.cjs'),
      `const estimators = require('@card/estimators'); console.log(${names})`,
    )
    const modules = node('a.mjs')
    expect(modules).toContain(
      'AdaptiveCounter,EstimatorError,ExactCounter,HllUnion,HyperLogLog,LinearCounting,UltraLogLog',
    )
    expect(node('b.cjs')).toBe(modules)
  })

  it('shows its classes by their own names', () => {
    const classes = `const { EstimatorError, ...rest } = estimators
const classes = Object.entries(rest).filter(([name]) => /^[A-Z]/.test(name))
console.log(classes.length, classes.filter(([name, value]) => value.name !== name).join())
console.log(new estimators.HyperLogLog({ precision: 12 }), new estimators.HllUnion())`
    const lines = [
      '6 ',
      'HyperLogLog { count: 0, precision: 12, type: HLL_8 } HllUnion { precision: 14, result: HyperLogLog { count: 0, precision: 14, type: HLL_8 } }',
    ]
    writeFileSync(join(project, 'names.mjs'), `import * as estimators from '@card/estimators'\n${classes}`)
    writeFileSync(join(project, 'names.cjs'), `const estimators = require('@card/estimators')\n${classes}`)
    for (const file of ['names.mjs', 'names.cjs']) expect(node(file).trimEnd().split('\n')).toEqual(lines)
  })

  it('has no internals in its declarations', () => {
    for (const file of ['index.d.ts', 'index.d.cts']) {
      const text = readFileSync(join(project, 'node_modules/@card/estimators/dist', file), 'utf8')
      expect(
        text.match(/^.*\b(?:private|protected|HllState|FingerprintTable|Coupons|inspect\.custom)\b.*$/gm),
      ).toBe(null)
    }
  })

  it('merges what its two forms, loaded side by side, have counted', () => {
    writeFileSync(
      join(project, 'both.mjs'),
      `import * as modules from '@card/estimators'
import { createRequire } from 'node:module'
const common = createRequire(import.meta.url)('@card/estimators')
const kinds = [['ExactCounter'], ['AdaptiveCounter'], ['HyperLogLog'], ['UltraLogLog'], ['LinearCounting', { bits: 640 }]]
for (const [name, options] of kinds) {
  if (modules[name] === common[name]) throw new Error('expected two copies of ' + name)
  for (const [into, from] of [[modules, common], [common, modules]]) {
    const [a, b] = [new into[name](options), new from[name](options)]
    a.addAll([1, 2, 3])
    b.addAll([3, 4])
    a.merge(b)
    console.log(name, Math.round(a.count()))
  }
}
const union = new modules.HllUnion()
const sketch = new common.HyperLogLog()
sketch.addAll([1, 2])
union.update(sketch)
console.log(Math.round(union.result().count()))`,
    )
    const names = ['ExactCounter', 'AdaptiveCounter', 'HyperLogLog', 'UltraLogLog', 'LinearCounting']
    expect(node('both.mjs').trim().split('\n')).toEqual([
      ...names.flatMap((name) => [`${name} 4`, `${name} 4`]),
      '2',
    ])
  })

  it('is typed for node16 and bundler resolution, from modules and from CommonJS', () => {
    const use = `declare const console: { log(...values: unknown[]): void }
const counter: DistinctCounter = new HyperLogLog({ precision: 12, type: 'HLL_4' })
counter.add(1n)
const { lower }: { lower: number } = counter.bounds(0.95)
// @ts-expect-error: a symbol cannot be counted
counter.add(Symbol())
console.log(lower, recommend({ error: 0.01 }).kind)\n`
    const names = 'HyperLogLog, recommend, type DistinctCounter'
    writeFileSync(join(project, 'm.mts'), `import { ${names} } from '@card/estimators'\n${use}`)
    writeFileSync(join(project, 'c.cts'), `import { ${names} } from '@card/estimators'\n${use}`)
    const tsc = binary('typescript', 'bin/tsc')
    const common = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022']
    run(
      process.execPath,
      [tsc, ...common, '--module', 'node16', '--moduleResolution', 'node16', 'm.mts', 'c.cts'],
      project,
    )
    run(
      process.execPath,
      [tsc, ...common, '--module', 'esnext', '--moduleResolution', 'bundler', 'm.mts'],
      project,
    )
  })

  it('runs every example of its README and prints what the comments say', () => {
    const readme = readFileSync(join(project, 'node_modules/@card/estimators/README.md'), 'utf8')
    const examples = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code!)
    expect(examples.length).toBeGreaterThan(6)
    examples.forEach((code, i) => {
      const expected = [...code.matchAll(/console\.log\(.*\) \/\/ (.*)/g)].map(([, text]) => text)
      expect(expected.length).toBe(code.split('console.log').length - 1)
      writeFileSync(join(project, `example-${i}.mjs`), code)
      expect(node(`example-${i}.mjs`).trim().split('\n')).toEqual(expected)
    })
  })

  it('bundles LinearCounting alone in less than 6 KB', async () => {
    const { outputFiles } = await build({
      stdin: { contents: "export { LinearCounting } from '@card/estimators'", resolveDir: project },
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
    })
    expect(gzipSync(outputFiles[0]!.contents).length).toBeLessThan(6144)
  })
})

describe('The packed package in a page of Chromium', () => {
  let browser: Browser
  let script = ''
  let missing = ''

  beforeAll(async () => {
    const executablePath = chromiumPath()
    if (executablePath === null) {
      missing = missingTool(
        'No Chromium for the tests in a page of it. Install chromium, or run `playwright-core install chromium`.',
      )
      return
    }
    const { outputFiles, metafile } = await build({
      stdin: { contents: "export * from '@card/estimators'", resolveDir: project },
      absWorkingDir: project,
      bundle: true,
      format: 'iife',
      globalName: 'estimators',
      metafile: true,
      write: false,
    })
    expect(Object.keys(metafile.inputs)).toContain('node_modules/@card/estimators/dist/index.js')
    script = outputFiles[0]!.text
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  })

  afterAll(async () => {
    await browser?.close()
  })

  const inPage = async (policy: string) => {
    const page = await browser.newPage()
    const run = `globalThis.result = (${fingerprint.toString()})(estimators)`
    await page.setContent(`<!doctype html>${policy}<script>${script};${run}</script>`)
    return (await page.evaluate('globalThis.result')) as string
  }

  it('gives the bytes and numbers that the sources give in Node', async (context) => {
    if (missing !== '') context.skip(missing)
    expect(await inPage('')).toBe(fingerprint(estimators))
  })

  it('gives them where a content security policy forbids WebAssembly', async (context) => {
    if (missing !== '') context.skip(missing)
    const policy = `<meta http-equiv="Content-Security-Policy" content="script-src 'unsafe-inline'">`
    expect(await inPage(policy)).toBe(fingerprint(estimators))
  })
})
