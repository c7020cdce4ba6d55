import { spawn, spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/**
 * Builds the apps of these names; unchanged ones come from the cache.
 * @param {readonly string[]} names
 */
export function buildApps(names) {
  const turbo = join(root, 'node_modules', 'turbo', 'bin', 'turbo')
  const filters = names.map((name) => `--filter=${name}`)
  const { status } = spawnSync(
    process.execPath,
    [turbo, 'run', 'build', ...filters, '--output-logs=errors-only', '--log-order=grouped'],
    // The build's own words are progress: they go to stderr, and only when it fails is there more than a line.
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' } },
  )
  if (status === 0) return
  spawnSync(process.execPath, [turbo, 'run', 'build', ...filters, '--output-logs=errors-only'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  process.exit(1)
}

/**
 * Starts a built app.
 * @param {string} name
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export function startApp(name, args, options) {
  return spawn(process.execPath, [join(root, 'apps', name, 'dist', 'main.js'), ...args], options)
}
