// The main job on its embedded default: the producer's stream piped into counter-worker.
import { buildApps, startApp } from './apps.js'

const frames = '1000000'

buildApps(['producer', 'counter-worker'])
const producer = startApp('producer', ['generate', '--frames', frames, '--seed', '1'], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const counter = startApp('counter-worker', ['--windows', '1m,1h', '--out-of-order', '5s'], {
  // Without a terminal of its own it shows no progress: the producer's line stands alone.
  stdio: [
    producer.stdout,
    ...[process.stdout, process.stderr].map(({ isTTY }) => (isTTY ? 'pipe' : 'inherit')),
  ],
})
// On a terminal a result takes the place of the producer's progress line, which is drawn again below it.
counter.stdout?.on('data', (lines) => process.stdout.write(`\r\x1b[K${lines}`))
counter.stderr?.on('data', (lines) => process.stderr.write(`\r\x1b[K${lines}`))
// The counter alone holds the reading end: when it stops, the producer's pipe is closed.
producer.stdout?.destroy()
process.on('SIGINT', () => {})
process.on('SIGTERM', () => counter.kill('SIGTERM'))
const codes = await Promise.all([ended(producer), ended(counter)])
process.exitCode = codes.find((code) => code !== 0) ?? 0

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
function ended(child) {
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
}
