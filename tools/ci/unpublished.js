// Names each public package whose version npm does not have, as name@version, one a line. While changesets wait there is
// none: what they describe has no version yet.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const waiting = readdirSync(join(root, '.changeset')).filter((file) => /^(?!README).*\.md$/.test(file))
if (waiting.length > 0) {
  process.stderr.write(`nothing to publish: ${waiting.join(', ')} waits for a version\n`)
} else {
  for (const folder of readdirSync(join(root, 'packages'))) {
    const { name, version } = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'))
    if (!isPublished(`${name}@${version}`)) process.stdout.write(`${name}@${version}\n`)
  }
}

/** @param {string} spec */
function isPublished(spec) {
  const { status, stdout, stderr } = spawnSync('npm', ['view', spec, 'version', '--json'], {
    encoding: 'utf8',
    timeout: 120_000,
  })
  if (status === 0) return stdout.trim() !== ''
  if (stdout.includes('"E404"')) return false
  throw new Error(`expected npm to tell whether there is ${spec}, found: ${stderr || stdout}`)
}
