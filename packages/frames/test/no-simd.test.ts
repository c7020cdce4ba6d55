import { afterEach, describe, expect, test, vi } from 'vitest'
import { bytesOf, plainOptions } from './read-all.js'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

/** The statuses a fresh copy of the package gives, and whether its scanner runs. */
async function readInThisEngine(): Promise<[boolean, number, number[]]> {
  vi.resetModules()
  const { FrameReader } = await import('../src/index.js')
  const reader = new FrameReader(plainOptions)
  reader.write(bytesOf('{"uid":"u","ts":1}\n{"uid":"u"}\n{\n'))
  reader.next()
  return [reader.scanning, reader.fallbacks, [...reader.columns.status.subarray(0, reader.columns.rows)]]
}

describe('the same rows, by JSON.parse', () => {
  const { Module, Instance, Memory, validate } = Reflect.get(globalThis, 'WebAssembly') as Record<
    string,
    unknown
  >

  test('where there is WebAssembly with SIMD, the scanner runs', async () => {
    expect(await readInThisEngine()).toEqual([true, 0, [0, 4, 2]])
  })

  test.each([
    ['there is no WebAssembly', undefined],
    ['it has no SIMD', { Module, Instance, Memory, validate: () => false }],
    [
      'compiling is not allowed',
      {
        ...{ Instance, Memory, validate },
        Module: class {
          constructor() {
            throw new Error('unsafe-eval')
          }
        },
      },
    ],
    [
      'there is no address space for a memory',
      {
        ...{ Module, Instance, validate },
        Memory: class {
          constructor() {
            throw new RangeError('could not allocate memory')
          }
        },
      },
    ],
  ])('where %s', async (_, replacement) => {
    vi.stubGlobal('WebAssembly', replacement)
    expect(await readInThisEngine()).toEqual([false, 3, [0, 4, 2]])
  })
})
