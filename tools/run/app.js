// Runs an app of the workspace: `node tools/run/app.js counter-worker …`. Builds it first where needed;
// the build speaks on stderr, so that stdout is the app's alone.
import { constants } from 'node:os'
import { buildApps, startApp } from './apps.js'

const [name, ...args] = process.argv.slice(2)
if (name === undefined) {
  process.stderr.write('usage: node tools/run/app.js APP [ARGUMENT…]\n')
  process.exit(64)
}
buildApps([name])
const child = startApp(name, args, { cwd: process.env.INIT_CWD, stdio: 'inherit' })
// The terminal sends its interrupt to both; the app decides how it ends.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal])
})
