import { type ChildProcess, spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildApp } from '@card/testing'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..')
let building: Promise<string> | undefined

/** How a run of the program ended, and what it said. */
export interface Run {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface StartOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/** The path of the real program, made from the sources once. */
export function program(): Promise<string> {
  building ??= buildApp(folder)
  return building
}

/** Starts the real program; all three streams are pipes. */
export async function start(args: readonly string[], options: StartOptions = {}): Promise<ChildProcess> {
  return spawn(process.execPath, [await program(), ...args], {
    cwd: options.cwd ?? folder,
    env: { PATH: process.env.PATH, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** Runs the program to its end with this on stdin. */
export async function run(
  args: readonly string[],
  input: string | Uint8Array | readonly Uint8Array[] = '',
  options: StartOptions = {},
): Promise<Run> {
  const child = await start(args, options)
  const ended = collect(child)
  const stdin = child.stdin!
  stdin.on('error', () => {})
  for (const chunk of Array.isArray(input) ? (input as Uint8Array[]) : [input as string | Uint8Array]) {
    if (!stdin.write(chunk))
      await new Promise((resolve) => stdin.once('drain', resolve).once('close', resolve))
  }
  stdin.end()
  return ended
}

/** What a started program says until it ends. */
export function collect(child: ChildProcess): Promise<Run> {
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]!.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text
    })
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, ...texts }))
  })
}

/** The objects of NDJSON. */
export function parseLines<T>(text: string): T[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}
