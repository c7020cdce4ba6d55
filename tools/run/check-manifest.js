// Part of each package's `check:package`: what is published has no script that npm would run, or warn of, where the
// package is installed.
import { readFileSync } from 'node:fs'

const installScripts = [
  'preinstall',
  'install',
  'postinstall',
  'preprepare',
  'prepare',
  'postprepare',
  'prepublish',
]

/** @type {{ name: string, scripts?: Record<string, string> }} */
const { name, scripts = {} } = JSON.parse(readFileSync('package.json', 'utf8'))
const found = installScripts.filter((script) => script in scripts)
if (found.length > 0) {
  process.stderr.write(
    `${name}: expected no script that runs when it is installed, found ${found.join(', ')}; ` +
      'what the workspace needs after an install belongs into the root\n',
  )
  process.exit(1)
}
