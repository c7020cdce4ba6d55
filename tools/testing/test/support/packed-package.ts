import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)

/** Runs a command to its end and gives its stdout. @throws Error with its output when it fails */
export function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: 170_000,
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? ''}${stderr}${stdout}`)
  return stdout
}

/** The program of a package that this workspace has installed. */
export function program(name: string, path: string): string {
  return join(require.resolve(`${name}/package.json`), '..', path)
}

/**
 * Builds a package as it is published, without touching its own `dist`, packs it and installs the archive into an empty
 * project. What it depends on comes from the registry.
 *
 * @param root the package's folder
 * @param folder an empty folder for the archive and the project
 * @returns the folder of the project
 */
export function installPacked(root: string, folder: string): string {
  const copy = join(folder, 'package')
  mkdirSync(copy, { recursive: true })
  if (existsSync(join(root, 'scripts/generate.js'))) run(process.execPath, ['scripts/generate.js'], root)
  for (const name of ['package.json', 'README.md', 'LICENSE', 'src'])
    cpSync(join(root, name), join(copy, name), { recursive: true })
  const tsup = program('tsup', 'dist/cli-default.js')
  run(process.execPath, [tsup, '--out-dir', join(copy, 'dist'), '--silent'], root)
  const archive = run(
    'npm',
    ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder],
    copy,
  ).trim()
  const project = join(folder, 'project')
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }')
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies?: object
  }
  const source = dependencies === undefined ? '--offline' : '--prefer-offline'
  run('npm', ['install', source, '--no-audit', '--no-fund', '--ignore-scripts', `../${archive}`], project)
  return project
}
