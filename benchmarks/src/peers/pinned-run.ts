import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What a process and its children used from start to end. */
export interface PinnedRun {
  readonly wallSeconds: number
  /** User and system time together. */
  readonly cpuSeconds: number
  readonly stdout: string
}

/**
 * The last core that this process may use, null where there is no telling.
 * The first ones tend to serve interrupts.
 */
export function lastCore(): string | null {
  try {
    const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    return allowed?.split(/[,-]/).at(-1) ?? null
  } catch {
    return null
  }
}

/**
 * Runs a program to its end and measures it, start included, by the `time` of bash (to the millisecond).
 *
 * @param core all of its threads run there, by taskset; null: not pinned
 * @throws Error with what it said on stderr when it does not end with 0
 */
export async function pinnedRun(command: readonly string[], core: string | null): Promise<PinnedRun> {
  const pinned = core === null ? command : ['taskset', '-c', core, ...command]
  const child = spawn('bash', ['-c', 'TIMEFORMAT="%R %U %S"; time "$@"', 'bash', ...pinned], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${stderr.slice(-2000)}`)
  // The locale decides between point and comma.
  const times = stderr.trimEnd().split('\n').at(-1)!.replaceAll(',', '.')
  const [wallSeconds, user, system] = times.split(' ').map(Number) as [number, number, number]
  return { wallSeconds, cpuSeconds: user + system, stdout }
}
