import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildRustPeer, installPythonPeers, peersFolder, type ToolChain } from './tool-chains.js'

/** A program that counts the distinct users of each minute of a file. */
export interface Program {
  readonly name: string
  /** Its command line without the file, which comes last; or why it cannot run. */
  readonly command: readonly string[] | { readonly missing: string }
  /** Standard error of its counts where they are not exact. */
  readonly standardError: number
  /** What it prints: the worker's result lines, or one object from the minute (Unix time in seconds) to its users. */
  readonly prints: 'results' | 'minutes'
}

/** Standard error of HyperLogLog at the worker's default precision of 14. */
const hll = 1.04 / Math.sqrt(2 ** 14)
/** ClickHouse documents uniqCombined (2^17 cells, 6 bits each, HyperLogLog) without a bound; this is HyperLogLog's. */
const uniqCombined = 1.04 / Math.sqrt(2 ** 17)

/** The worker in its ways, and the programs beside it; installs what is missing. */
export function allPrograms(): Program[] {
  const rust = buildRustPeer()
  const python = installPythonPeers()
  const run = (chain: ToolChain, ...args: string[]) => ('missing' in chain ? chain : [chain.program, ...args])
  const script = (name: string, ...args: string[]) => run(python, join(peersFolder, name), ...args)
  return [
    worker('worker strict'),
    worker('worker strict, hll', '--estimator', 'hll'),
    worker('worker trusted', '--json', 'trusted'),
    worker('worker trusted, hll', '--json', 'trusted', '--estimator', 'hll'),
    peer('Node JSON.parse + Set', [process.execPath, join(peersFolder, 'json-parse-set.js')]),
    peer('sonic-rs struct + HashSet', run(rust, 'struct')),
    peer('sonic-rs get_many + HashSet', run(rust, 'get-many')),
    peer('sonic-rs get_many_unchecked + HashSet', run(rust, 'get-many-unchecked')),
    peer('chdb uniqExact', script('count-clickhouse.py', 'uniqExact')),
    peer('chdb uniqCombined', script('count-clickhouse.py', 'uniqCombined'), uniqCombined),
    peer('DuckDB count(distinct)', script('count-duckdb.py')),
  ]
}

function peer(name: string, command: Program['command'], standardError = 0): Program {
  return { name, command, standardError, prints: 'minutes' }
}

function worker(name: string, ...flags: string[]): Program {
  const main = fileURLToPath(new URL('../../../apps/counter-worker/dist/main.js', import.meta.url))
  return {
    name,
    command: [process.execPath, main, '--windows', '1m,1h,1d', ...flags],
    standardError: hll,
    prints: 'results',
  }
}
