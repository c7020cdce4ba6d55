import { afterEach, expect, test, vi } from 'vitest'
import { missingTool } from '../src/index.js'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

test('a missing tool is a notice, which is the reason of the skip', () => {
  vi.stubEnv('CI', undefined)
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  expect(missingTool('no such tool; install it')).toBe('no such tool; install it')
  expect(written).toHaveBeenCalledWith('Skipped: no such tool; install it\n')
})

test('and a failure where CI=true', () => {
  vi.stubEnv('CI', 'true')
  expect(() => missingTool('no such tool; install it')).toThrow('no such tool; install it')
})
