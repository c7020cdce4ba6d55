import { openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { ExitCode, ExitError, messageOf } from '../src/index.js'

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

describe('the message of an error', () => {
  const thrown = (work: () => unknown) => {
    try {
      work()
    } catch (error) {
      return error
    }
    return undefined
  }

  test('of the system is its code and what it means', async () => {
    expect(messageOf(thrown(() => openSync('/missing, a: b/c', 'r')))).toBe(
      'ENOENT (no such file or directory)',
    )
    expect(messageOf(thrown(() => readFileSync('/')))).toBe('EISDIR (illegal operation on a directory)')
    const server = createServer()
    const refused = new Promise((resolve) => server.once('error', resolve))
    server.listen(1, '192.0.2.1')
    expect(messageOf(await refused)).toBe('EADDRNOTAVAIL (address not available)')
  })

  test('of anything else is its own', () => {
    expect(messageOf(new Error('EISDIR: as a library says it'))).toBe('EISDIR: as a library says it')
    expect(
      messageOf(
        Object.assign(new Error('getaddrinfo ENOTFOUND a.invalid'), {
          code: 'ENOTFOUND',
          syscall: 'getaddrinfo',
        }),
      ),
    ).toBe('getaddrinfo ENOTFOUND a.invalid')
    expect(messageOf('text')).toBe('text')
  })
})
