import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/**
 * A new folder in the system's temporary one, removed when all tests of the file that asks for it are done. To be called
 * where tests are collected, not in one of them.
 */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `card-${name}-`))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
