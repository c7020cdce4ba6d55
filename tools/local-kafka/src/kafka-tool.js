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
  const log = [`-Dlog4j2.configurationFile=${logging}`, `-Dcard.kafka.log=${level}`]
  return [...memory, ...jvm, ...log, '-cp', classPath, mainClass, ...args]
}

/**
 * @param {string} mainClass
 * @param {readonly string[]} args
 * @param {string} [input] its stdin
 * @returns {Promise<{ stdout: string, stderr: string }>}
 */
export async function runKafkaTool(mainClass, args, input = '') {
  const java = javaArguments(await kafkaClassPath(), mainClass, args)
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
