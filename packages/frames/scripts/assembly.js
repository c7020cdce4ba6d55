import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** How assembly/ is compiled. */
export const assembly = {
  folder: join(dirname(fileURLToPath(import.meta.url)), '..'),
  entry: 'scan.ts',
  flags: ['--importMemory', '--maximumMemory', '65536'],
}
