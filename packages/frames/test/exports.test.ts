import { expect, test } from 'vitest'
import * as api from '../src/index.js'

test('the package exports exactly these values, so that none goes or comes unnoticed', () => {
  expect(Object.keys(api).sort()).toEqual([
    'BlockScanner',
    'FrameReader',
    'FrameStatus',
    'FramesError',
    'GroupTable',
    'KeyReader',
    'readFrames',
    'rejectionReasons',
  ])
})
