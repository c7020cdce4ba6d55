import { afterEach, expect, test, vi } from 'vitest'
import type { OptionValues } from '../../src/settings/option-table.js'
import { openReader } from '../../src/threads/open-reader.js'
import { settings } from '../settings/place-settings.js'

afterEach(() => vi.unstubAllGlobals())

/** What opening a reader for these settings warns of. */
function warningsOf(change: Partial<OptionValues>): string[] {
  const { values } = settings([])
  const warnings: string[] = []
  openReader({ ...values, ...change }, { warn: (text: string) => warnings.push(text) } as never)
  return warnings
}

test('a reader with a scanner has nothing to say', () => {
  expect(warningsOf({})).toEqual([])
})

test('a name that the scanner cannot look for is named as the cause', () => {
  expect(warningsOf({ key: 'a\ufffd', threads: 2 })).toEqual([
    'a name in --key, --time or --group-by has the replacement character U+FFFD, which the scanner cannot look for: ' +
      'JSON.parse reads every line, on one thread, several times slower',
  ])
  expect(warningsOf({ key: 'a"b' })).toEqual([])
})

test('an engine without memory for the scanner is told apart from one without SIMD', () => {
  const { WebAssembly: engine } = globalThis as unknown as { WebAssembly: object }
  class NoMemory {
    constructor() {
      throw new RangeError('out of memory')
    }
  }
  vi.stubGlobal('WebAssembly', Object.assign(Object.create(engine), { Memory: NoMemory }))
  expect(warningsOf({})).toEqual([
    'this engine has too little memory for the scanner; a smaller --max-line needs less: JSON.parse reads every line, several times slower',
  ])
})
