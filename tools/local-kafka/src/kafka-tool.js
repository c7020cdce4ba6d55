import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { kafkaClassPath } from './jars.js'

const logging = fileURLToPath(new URL('../log4j2.properties', import.meta.url))

/**
 * Arguments of `java` that run a class of Kafka.
 *
 * @param {string} classPath
 * @param {string} mainClass
 * @param {readonly string[]} args
 * @param {{ heap?: number, level?: string, jvm?: string[] }} [options] heap in MiB
 * @returns {string[]}
 */
export function javaArguments(
  classPath,
  mainClass,
  args,
  { heap = 256, level = 'error', jvm = ['-XX:TieredStopAtLevel=1'] } = {},
) {
  const memory = [`-Xms${Math.min(heap, 384)}m`, `-Xmx${heap}m`, '-XX:+UseSerialGC']
  return [...memory, ...jvm, ...logOptions(level), '-cp', classPath, mainClass, ...args]
}

/** @param {string} level */
function logOptions(level) {
  return [`-Dlog4j2.configurationFile=${logging}`, `-Dcard.kafka.log=${level}`]
}

/**
 * @param {string} mainClass
 * @param {readonly string[]} args
 * @param {string} [input] its stdin
 * @param {readonly string[]} [options] of the JVM, in place of those that make it start fast
 * @returns {Promise<{ stdout: string, stderr: string }>}
 */
export async function runKafkaTool(mainClass, args, input = '', options) {
  const classPath = await kafkaClassPath()
  const java = options
    ? [...options, ...logOptions('error'), '-cp', classPath, mainClass, ...args]
    : javaArguments(classPath, mainClass, args)
  return new Promise((resolve, reject) => {
    const child = spawn('java', java, { stdio: 'pipe' })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve({ stdout, stderr })
      else reject(new Error(`${mainClass} ended with code ${code}:\n${(stderr + stdout).slice(-2000)}`))
    })
  })
}
