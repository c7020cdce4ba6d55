import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** What a process used from its start to its end. */
export interface Usage {
  readonly wallSeconds: number
  /** User and system time together. */
  readonly cpuSeconds: number
  readonly peakBytes: number
}

/** Runs a Node program to its end and measures it; its output is thrown away. */
export async function runProcess(program: string, args: readonly string[]): Promise<Usage> {
  const folder = mkdtempSync(join(tmpdir(), 'card-usage-'))
  const report = join(folder, 'usage.json')
  const reporter = join(root, 'benchmarks', 'src', 'report-usage.js')
  const began = performance.now()
  const child = spawn(process.execPath, ['--import', reporter, program, ...args], {
    env: { ...process.env, CARD_BENCH_USAGE: report },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  const wallSeconds = (performance.now() - began) / 1000
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${stderr}`)
  const { cpuMicroseconds, peakBytes } = JSON.parse(readFileSync(report, 'utf8'))
  rmSync(folder, { recursive: true })
  return { wallSeconds, cpuSeconds: cpuMicroseconds / 1e6, peakBytes }
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
