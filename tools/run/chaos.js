// `pnpm chaos [--rounds N] [--seed S]`: builds the worker, then runs tools/chaos.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildApps, root } from './apps.js'

buildApps(['counter-worker'])
const program = join(root, 'apps', 'counter-worker', 'dist', 'main.js')
const { status } = spawnSync(
  process.execPath,
  [
    '--conditions=@card/source',
    '--import',
    'tsx',
    'src/main.ts',
    '--program',
    program,
    ...process.argv.slice(2),
  ],
  { cwd: join(root, 'tools', 'chaos'), stdio: 'inherit' },
)
process.exitCode = status ?? 1
