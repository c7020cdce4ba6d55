import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/**
 * Builds the apps of these names; unchanged ones come from the cache, where pnpm is on the PATH.
 * @param {readonly string[]} names
 */
export function buildApps(names) {
  // turbo runs scripts through pnpm alone, which `node tools/run/…` without pnpm around it need not have.
  if (!isOnPath('pnpm')) return buildDirectly(names)
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
 * Builds as the apps' own scripts do, without turbo and its cache.
 * @param {readonly string[]} names
 */
function buildDirectly(names) {
  const tsup = join(root, 'node_modules', 'tsup', 'dist', 'cli-default.js')
  runOrExit([join(root, 'tools', 'run', 'generate.js')], root)
  for (const name of names) runOrExit([tsup, '--silent'], join(root, 'apps', name))
}

/**
 * @param {string[]} words what Node runs; its words are shown where it fails
 * @param {string} cwd
 */
function runOrExit(words, cwd) {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd })
  if (status === 0) return
  process.stderr.write(Buffer.concat([stdout, stderr]))
  process.exit(1)
}

/** @param {string} program */
function isOnPath(program) {
  const names = process.platform === 'win32' ? [`${program}.cmd`, `${program}.exe`] : [program]
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && names.some((name) => existsSync(join(folder, name))))
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
