import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runKafkaTool } from '@card/local-kafka'
import { buildApp } from '@card/testing'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { describeLocalKafka } from '../kafka/broker.js'
import { generateOptions } from '../options/sources.js'
import { finish, startProgram } from '../program.js'

interface Service {
  image?: string
  build?: { context: string; dockerfile: string; args: { APP: string } }
  environment?: Record<string, string | number>
  ports?: string[]
  depends_on?: Record<string, { condition: string }>
  healthcheck?: object
  command?: string[]
  volumes?: string[]
}

const root = join(import.meta.dirname, '..', '..', '..', '..')
const docker = join(root, 'docker')
const text = readFileSync(join(docker, 'compose.yaml'), 'utf8')
const example = Object.fromEntries(
  readFileSync(join(docker, '.env.example'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
)
const compose = parse(interpolated(text, example)) as {
  services: Record<string, Service>
  volumes: Record<string, unknown>
}
const { kafka, topics, producer, worker, results } = compose.services as Record<string, Service>

/** As compose does: `${NAME:-default}` is the variable or the default, `$$` a dollar. */
function interpolated(template: string, variables: Readonly<Record<string, string>>): string {
  return template.replace(/\$\$|\$\{(\w+):-([^}]*)\}/g, (found, name, fallback) =>
    found === '$$' ? '$' : variables[name] || fallback,
  )
}

/** `A://host:1,B://:2` by name. */
function listeners(list: unknown): Record<string, { host: string; port: string }> {
  const entries = String(list).split(',')
  return Object.fromEntries(
    entries.map((entry) => {
      const [, name, host, port] = /^(\w+):\/\/([^:]*):(\d+)$/.exec(entry)!
      return [name, { host, port }]
    }),
  )
}

/** `KAFKA_NODE_ID` is `node.id`, as the image reads it. */
function properties(): Record<string, string> {
  const entries = Object.entries(kafka!.environment!).filter(([name]) => name.startsWith('KAFKA_'))
  return Object.fromEntries(
    entries.map(([name, value]) => [name.slice(6).toLowerCase().replaceAll('_', '.'), String(value)]),
  )
}

describe('variables', () => {
  test('of compose.yaml are those of .env.example, with the same defaults', () => {
    const used = [...text.matchAll(/\$\{(\w+):-([^}]*)\}/g)].map(([, name, fallback]) => [name!, fallback!])
    for (const [name, fallback] of used) expect([name, fallback]).toEqual([name, example[name!]])
    expect(new Set(used.map(([name]) => name))).toEqual(new Set(Object.keys(example)))
  })

  test('are never used without a default, and each ${ and $ is one of compose', () => {
    const rest = text.replaceAll('$$', '').replace(/\$\{\w+:-[^}]*\}/g, '')
    expect(rest).not.toContain('$')
  })
})

describe('services', () => {
  test('are Kafka, its topics, a producer, a worker and the results on demand', () => {
    expect(Object.keys(compose.services)).toEqual(['kafka', 'topics', 'producer', 'worker', 'results'])
    for (const service of [kafka, topics, results]) expect(service!.image).toBe('apache/kafka:4.3.1')
    for (const { image, build } of [producer!, worker!]) {
      expect(image).toBeUndefined()
      expect(existsSync(join(docker, build!.context, build!.dockerfile))).toBe(true)
      expect(existsSync(join(root, 'apps', build!.args.APP, 'src', 'main.ts'))).toBe(true)
    }
  })

  test('wait for what they need, and what they wait for can come', () => {
    expect(topics!.depends_on).toEqual({ kafka: { condition: 'service_healthy' } })
    for (const service of [producer, worker, results]) {
      expect(service!.depends_on).toEqual({ topics: { condition: 'service_completed_successfully' } })
    }
    for (const { depends_on = {} } of Object.values(compose.services)) {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        if (condition === 'service_healthy') expect(compose.services[name]!.healthcheck).toBeDefined()
      }
    }
  })

  test('keep their data in volumes that are declared', () => {
    const named = Object.values(compose.services).flatMap(({ volumes = [] }) =>
      volumes.map((volume) => volume.split(':')),
    )
    expect(named.map(([name]) => name)).toEqual(Object.keys(compose.volumes))
    expect(named[0]![1]).toBe(properties()['log.dirs'])
  })

  test('are published on this machine alone', () => {
    const ports = Object.values(compose.services).flatMap((service) => service.ports ?? [])
    expect(ports).toEqual(['127.0.0.1:9092:9092', '127.0.0.1:9464:9464'])
  })
})

describe('listeners', () => {
  const bound = listeners(kafka!.environment!.KAFKA_LISTENERS)
  const advertised = listeners(kafka!.environment!.KAFKA_ADVERTISED_LISTENERS)

  test('of containers and of this machine are advertised as they are reached', () => {
    expect(advertised.PLAINTEXT).toEqual({ host: 'kafka', port: bound.PLAINTEXT!.port })
    const moved = parse(interpolated(text, { KAFKA_PORT: '19999' })).services.kafka as Service
    expect(listeners(moved.environment!.KAFKA_ADVERTISED_LISTENERS).PLAINTEXT_HOST).toEqual({
      host: 'localhost',
      port: '19999',
    })
    expect(moved.ports).toEqual([`127.0.0.1:19999:${bound.PLAINTEXT_HOST!.port}`])
    expect(properties()['controller.quorum.voters']).toBe(`1@kafka:${bound.CONTROLLER!.port}`)
  })

  test('are what every service and check connects to', () => {
    const servers = [...text.matchAll(/(?:bootstrap-server|brokers)[ =,'"]*([\w.-]+:\d+)/g)]
    expect(servers).toHaveLength(5)
    for (const [, server] of servers) expect(server).toBe(`kafka:${advertised.PLAINTEXT!.port}`)
  })
})

describe('commands', () => {
  test("of the producer are flags that it takes, for the topic's name", () => {
    const [name, ...flags] = producer!.command!
    expect(name).toBe('generate')
    const raw = Object.fromEntries(
      flags.map((flag) => {
        const [, key, value] = /^--([\w-]+)=(.*)$/.exec(flag)!
        return [key!.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()), value!]
      }),
    )
    expect(generateOptions(raw).target).toMatchObject({ topic: 'frames', brokers: ['kafka:19092'] })
    expect(topics!.command![0]).toContain('--topic frames --partitions 4')
  })

  test('of the worker are settings that it takes, and it answers where it is asked whether it is ready', async () => {
    const program = await buildApp(join(root, 'apps', 'counter-worker'))
    const { code, out, err } = await finish(startProgram(program, ['config', ...worker!.command!]))
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out.toString()).toContain('unique-users.{window}')
    expect(JSON.stringify(worker!.healthcheck)).toContain('http://127.0.0.1:9464/readyz')
    expect(worker!.command).toContain('--http=0.0.0.0:9464')
  })
})

describeLocalKafka("Kafka's own tool", () => {
  test('takes the settings of the broker', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'card-compose-'))
    try {
      const file = join(folder, 'server.properties')
      const settings = { ...properties(), 'log.dirs': join(folder, 'data') }
      writeFileSync(
        file,
        Object.entries(settings)
          .map(([name, value]) => `${name}=${value}\n`)
          .join(''),
      )
      const id = String(kafka!.environment!.CLUSTER_ID)
      const { stdout } = await runKafkaTool('kafka.tools.StorageTool', [
        'format',
        `--cluster-id=${id}`,
        '-c',
        file,
      ])
      expect(stdout).toContain(`Formatting metadata directory ${join(folder, 'data')}`)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
