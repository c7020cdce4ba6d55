// `pnpm bench [NAME] [ARGUMENT…]`: runs benchmarks/src/NAME.ts; without a name, the throughput of the whole worker.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildApps, root } from './apps.js'

const folder = join(root, 'benchmarks', 'src')
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
const [name = 'throughput', ...args] = process.argv.slice(2)
const program = join(folder, `${name}.ts`)
if (!existsSync(program)) {
  process.stderr.write(`no benchmark "${name}"; there are: ${names.join(', ')}\n`)
  process.exit(64)
}
// Also makes the generated sources that the benchmarks import.
buildApps(['counter-worker', 'producer'])
const { status } = spawnSync(
  process.execPath,
  ['--expose-gc', '--conditions=@card/source', '--import', 'tsx', program, ...args],
  { cwd: join(root, 'benchmarks'), stdio: 'inherit' },
)
process.exitCode = status ?? 1
