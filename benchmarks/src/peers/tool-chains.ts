import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the comparison programs. */
export const peersFolder = fileURLToPath(new URL('../../peers/', import.meta.url))

/** The program built or interpreter filled, or a sentence that says why there is none. */
export type ToolChain = { readonly program: string } | { readonly missing: string }

/** The folder outside the repository that keeps builds and packages: `CARD_PEERS_CACHE`, or one in the user's cache. */
function cacheFolder(): string {
  const { CARD_PEERS_CACHE, XDG_CACHE_HOME } = process.env
  return CARD_PEERS_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'card-peers')
}

/** Builds the program on sonic-rs for this processor; later calls find it built. */
export function buildRustPeer(): ToolChain {
  if (spawnSync('cargo', ['--version']).error) return { missing: 'no cargo on PATH' }
  const target = join(cacheFolder(), 'rust')
  const program = join(target, 'release', 'sonic-rs-peer')
  if (!existsSync(program)) say('building the Rust program (some minutes, once)')
  const { status, stderr } = spawnSync(
    'cargo',
    ['build', '--release', '--manifest-path', join(peersFolder, 'sonic-rs', 'Cargo.toml')],
    // sonic-rs chooses its SIMD at compile time.
    {
      env: { ...process.env, CARGO_TARGET_DIR: target, RUSTFLAGS: '-C target-cpu=native' },
      encoding: 'utf8',
    },
  )
  if (status !== 0) return { missing: `cargo could not build it: ${lastLine(stderr)}` }
  return { program }
}

/** Makes an environment of Python with the pinned packages; later calls find it made. */
export function installPythonPeers(): ToolChain {
  if (spawnSync('python3', ['--version']).error) return { missing: 'no python3 on PATH' }
  const requirements = join(peersFolder, 'requirements.txt')
  // Named after the packages, so that changed ones never meet those of before.
  const name = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12)
  const folder = join(cacheFolder(), `python-${name}`)
  const program = join(folder, 'bin', 'python')
  const complete = join(folder, 'complete')
  if (existsSync(complete)) return { program }
  say('installing chdb and DuckDB from PyPI (once)')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(cacheFolder(), { recursive: true })
  const steps = [
    ['python3', '-m', 'venv', folder],
    [program, '-m', 'pip', 'install', '-q', '--no-deps', '--only-binary', ':all:', '-r', requirements],
  ]
  for (const [command, ...args] of steps) {
    const { status, stderr } = spawnSync(command!, args, { encoding: 'utf8' })
    if (status !== 0) return { missing: `python3 could not install it: ${lastLine(stderr)}` }
  }
  writeFileSync(complete, '')
  return { program }
}

function say(text: string): void {
  process.stderr.write(`peers: ${text}\n`)
}

function lastLine(text: string | null): string {
  return text?.trimEnd().split('\n').at(-1) ?? 'unknown cause'
}
