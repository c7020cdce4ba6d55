import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const pom = fileURLToPath(new URL('../pom.xml', import.meta.url))

/** The folder outside the repository that keeps the jars: `CARD_KAFKA_CACHE`, or one in the user's cache. */
export function cacheFolder() {
  const { CARD_KAFKA_CACHE, XDG_CACHE_HOME } = process.env
  return CARD_KAFKA_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'card-kafka')
}

/**
 * What is missing to run a broker here, null when nothing is. Maven is needed only until the jars are cached.
 *
 * @returns {string | null} one sentence
 */
export function missingForKafka() {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' })
  if (java.error) return 'Java 17 or newer is needed to run Kafka and no java was found on PATH'
  const version = Number(/version "(\d+)/.exec(java.stderr)?.[1])
  if (!(version >= 17)) {
    return `Java 17 or newer is needed to run Kafka, found: ${java.stderr.split('\n')[0] || 'an unknown version'}`
  }
  if (existsSync(jarFolder())) return null
  if (spawnSync('mvn', ['-v']).error)
    return 'Maven is needed to fetch Kafka once and no mvn was found on PATH'
  return null
}

/**
 * The class path of the broker and its tools; the first call fetches the jars by Maven.
 *
 * @returns {Promise<string>}
 */
export async function kafkaClassPath() {
  const folder = jarFolder()
  if (!existsSync(folder)) {
    const missing = missingForKafka()
    if (missing !== null) throw new Error(missing)
    await fetchJars(folder)
  }
  return join(folder, '*')
}

// Named after the pom, so a changed version never meets the jars of another.
function jarFolder() {
  const name = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12)
  return join(cacheFolder(), `jars-${name}`)
}

/** @param {string} folder */
async function fetchJars(folder) {
  mkdirSync(cacheFolder(), { recursive: true })
  const partial = mkdtempSync(join(cacheFolder(), 'partial-'))
  try {
    process.stderr.write('local-kafka: fetching Kafka by Maven (once)\n')
    await maven(['dependency:copy-dependencies', `-DoutputDirectory=${partial}`])
    // Appears whole or not at all, also when two processes fetch at once: the second finds it there.
    if (!existsSync(folder)) renameSync(partial, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
}

/**
 * @param {string[]} args
 * @returns {Promise<void>}
 */
function maven(args) {
  return new Promise((resolve, reject) => {
    const child = spawn('mvn', ['-B', '-ntp', '-q', '-f', pom, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`Maven could not fetch Kafka (exit code ${code}):\n${said.slice(-2000)}`))
    })
  })
}
