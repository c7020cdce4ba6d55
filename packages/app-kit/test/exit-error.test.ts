import { describe, expect, test } from 'vitest'
import { ExitCode, ExitError } from '../src/index.js'

describe('ExitError', () => {
  test('is recognised where another copy of the class made it, as the files of a built program have', () => {
    class Copy extends Error {
      override readonly name = 'ExitError'
    }
    expect(new ExitError(ExitCode.failed, ['nothing listens'])).toBeInstanceOf(ExitError)
    expect(new Copy('nothing listens')).toBeInstanceOf(ExitError)
  })

  test('is not taken for any other error', () => {
    expect(new TypeError('not a function')).not.toBeInstanceOf(ExitError)
    expect({ name: 'ExitError' }).not.toBeInstanceOf(ExitError)
  })
})
