import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** What a process used from its start to its end. */
export interface Usage {
  readonly wallSeconds: number
  /** User and system time together. */
  readonly cpuSeconds: number
  /** Most resident memory at any moment. */
  readonly peakBytes: number
}

/** Where a measured program reads from and writes to; by default nowhere. */
export interface MeasuredStreams {
  /** The path of a file, or the stdout of another process. */
  readonly stdin?: string | Readable
  /** The path of a file, made or overwritten. */
  readonly stdout?: string
}

/**
 * Runs a Node program to its end and measures it; `stderr` is what it said there.
 *
 * @throws Error with what it said on stderr when it does not end with 0
 */
export async function measuredRun(
  program: string,
  args: readonly string[],
  streams: MeasuredStreams = {},
): Promise<Usage & { readonly stderr: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'card-usage-'))
  const report = join(folder, 'usage.json')
  const reporter = fileURLToPath(new URL('./report-usage.js', import.meta.url))
  const began = performance.now()
  const stdin = typeof streams.stdin === 'string' ? openSync(streams.stdin, 'r') : (streams.stdin ?? 'ignore')
  const stdout = streams.stdout === undefined ? 'ignore' : openSync(streams.stdout, 'w')
  const child = spawn(process.execPath, ['--import', reporter, program, ...args], {
    env: { ...process.env, CARD_TEST_USAGE: report },
    stdio: [stdin, stdout, 'pipe'],
  })
  // The program alone holds the other end now, so that closing it is noticed there.
  if (typeof stdin === 'object') stdin.destroy()
  for (const stream of [stdin, stdout]) if (typeof stream === 'number') closeSync(stream)
  let stderr = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  const wallSeconds = (performance.now() - began) / 1000
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${stderr}`)
  const { cpuMicroseconds, peakBytes } = JSON.parse(readFileSync(report, 'utf8'))
  rmSync(folder, { recursive: true })
  return { wallSeconds, cpuSeconds: cpuMicroseconds / 1e6, peakBytes, stderr }
}

/** The median of each figure over some runs. */
export function median(runs: readonly Usage[]): Usage {
  const middle = (pick: (usage: Usage) => number) =>
    runs.map(pick).sort((a, b) => a - b)[Math.floor(runs.length / 2)]!
  return {
    wallSeconds: middle((usage) => usage.wallSeconds),
    cpuSeconds: middle((usage) => usage.cpuSeconds),
    peakBytes: middle((usage) => usage.peakBytes),
  }
}
