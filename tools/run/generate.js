// Makes the generated sources of every package that has some: after an install, and so that tests of one app run on
// their own.
// Each script does nothing where its output is up to date.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './apps.js'

for (const name of readdirSync(join(root, 'packages'))) {
  const script = join(root, 'packages', name, 'scripts', 'generate.js')
  if (!existsSync(script)) continue
  const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}
