// Runs the quick tests of the published packages under the Node that runs this file, which must be of the version given:
// `npx -y -p node@24 node tools/ci/quick-tests.js 24`. With CARD_TEST_REPORTS their reports are counted with the others.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** What takes long, or looks at more than the engine: the full run has it. Beside these, what starts a broker. */
const slow = [
  'test/package.test.ts',
  'test/interop/**',
  'test/accuracy.test.ts',
  'test/mutants.test.ts',
  'test/contract.test.ts',
  'test/**/*.property.test.ts',
]
const withBroker = ['client', 'contract', 'group', 'source', 'sink', 'topics', 'transaction'].map(
  (folder) => `test/${folder}/**`,
)
const brokerPrograms = ['leader-moves', 'readme', 'restart', 'rights', 'security'].map(
  (name) => `test/${name}.test.ts`,
)

const version = process.argv[2]
if (version === undefined || !process.version.startsWith(`v${version}.`)) {
  process.stderr.write(
    `usage: node tools/ci/quick-tests.js MAJOR, found ${version} under Node ${process.version}\n`,
  )
  process.exit(64)
}
process.stdout.write(`Node ${process.version}\n`)
for (const folder of readdirSync(join(root, 'packages'))) {
  const path = join(root, 'packages', folder)
  const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
  if (manifest.private === true) continue
  const excluded = [...slow, ...(folder === 'kafka-io' ? [...withBroker, ...brokerPrograms] : [])]
  const { status } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...excluded.flatMap((glob) => ['--exclude', glob])],
    { cwd: path, stdio: 'inherit', env: { ...process.env, CARD_TEST_SUITE: `node-${version}` } },
  )
  if (status !== 0) process.exitCode = 1
}
