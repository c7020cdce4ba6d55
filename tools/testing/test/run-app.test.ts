import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..')

test('an app is built and run by node alone where pnpm is not on the PATH, and stdout is its own', () => {
  const empty = mkdtempSync(join(tmpdir(), 'card-no-pnpm-'))
  const words = ['producer', 'generate', '--frames', '2', '--line-length', '100']
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'tools', 'run', 'app.js'), ...words],
    { env: { PATH: empty, INIT_CWD: empty }, encoding: 'utf8' },
  )
  rmSync(empty, { recursive: true })
  const uids = stdout
    .trimEnd()
    .split('\n')
    .map((line) => typeof JSON.parse(line).uid)
  expect([status, uids, stderr]).toEqual([0, ['string', 'string'], expect.not.stringContaining('pnpm')])
})
