import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as estimators from '../src/index.js'

const executablePath = '/usr/bin/chromium'
const missing = existsSync(executablePath) ? '' : `skipped: there is no ${executablePath} here`

/** Runs in the page and in Node: every kind of counter, fed with every kind of value. */
function fingerprint(library: typeof estimators): string {
  const counters = [
    new library.ExactCounter(),
    new library.LinearCounting({ bits: 4096 }),
    new library.HyperLogLog({ precision: 11, type: 'HLL_4' }),
    new library.UltraLogLog({ precision: 8 }),
    new library.AdaptiveCounter({ exactLimit: 100, precision: 10 }),
  ]
  const results: string[] = []
  for (const counter of counters) {
    for (let i = 0; i < 3000; i++) counter.add(i % 3 === 0 ? i : i % 3 === 1 ? `user-${i}` : `größe ${i}`)
    for (const value of [1n, true, 0.5, Number.NaN, new Uint8Array([1, 2, 3]), '\ud800']) counter.add(value)
    const { lower, upper } = counter.bounds()
    results.push(
      [counter.kind, counter.estimator, counter.count(), lower, upper, counter.toBytes().join('.')].join(' '),
    )
  }
  return results.join('\n')
}

describe('In a page of Chromium', () => {
  let browser: Browser
  let script = ''

  beforeAll(async () => {
    if (missing !== '') {
      process.stderr.write(`${missing}\n`)
      return
    }
    const { outputFiles } = await build({
      entryPoints: [join(import.meta.dirname, '..', 'src', 'index.ts')],
      bundle: true,
      format: 'iife',
      globalName: 'estimators',
      write: false,
    })
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

  it('all counters give the bytes and numbers that they give in Node', async (context) => {
    if (missing !== '') context.skip(missing)
    expect(await inPage('')).toBe(fingerprint(estimators))
  })

  it('and where a content security policy forbids WebAssembly', async (context) => {
    if (missing !== '') context.skip(missing)
    const policy = `<meta http-equiv="Content-Security-Policy" content="script-src 'unsafe-inline'">`
    expect(await inPage(policy)).toBe(fingerprint(estimators))
  })
})
