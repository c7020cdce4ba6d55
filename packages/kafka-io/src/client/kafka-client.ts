import { setTimeout as pause } from 'node:timers/promises'
import type { Admin, KafkaConfig, Kafka as KafkaJs, logLevel as LogLevel, SASLOptions } from 'kafkajs'
import { badArguments, checkArgument, checkOptions, optionProblems } from '../arguments/check-options.js'
import { callback, isObject, milliseconds, type Rule } from '../arguments/rules.js'
import { shown } from '../arguments/shown.js'
import { KafkaIoError } from '../errors.js'
import { BrokerAddresses, parseBrokerAddress } from './broker-addresses.js'
import { answerType, chain, isConnectionError } from './error-chain.js'
import { explain, unreachable } from './explain.js'
import { adaptConnections } from './hooks.js'
import { Kafka, logLevel } from './kafkajs.js'
import { type KafkaSettings, settingsRules } from './settings.js'
import { socketFactory } from './socket-factory.js'

/** How a `KafkaClient` waits and what it logs. */
export interface KafkaClientOptions {
  /** How long brokers may be unreachable, at the start or later, before work fails; ms, default 30,000. */
  unreachableTimeout?: number
  /** Receives what kafkajs would log, including errors that are retried. Default: it is discarded. */
  log?: (level: 'error' | 'warn' | 'info' | 'debug', message: string) => void
  /** Called once when brokers stop answering, or do not answer at the start; they are retried from then on. */
  onUnreachable?: (outage: Outage) => void
  /** Called when brokers answer again. */
  onReachable?: () => void
}

/** Brokers that do not answer. */
export interface Outage {
  /** The addresses that are tried in turn. */
  brokers: readonly string[]
  /** Why the last attempt failed, in one sentence. */
  reason: string
  /** When work will fail, ms since the epoch. */
  until: number
}

const clientRules = {
  optional: {
    unreachableTimeout: milliseconds,
    log: callback,
    onUnreachable: callback,
    onReachable: callback,
  },
}

const configuration: Rule = { expected: 'an object of settings of kafkajs', accepts: isObject }

/** Retries of kafkajs that outlive a broker's restart; its defaults end after 5 and wait up to 30 s between. */
export const patientRetries = { initialRetryTime: 100, maxRetryTime: 1000, retries: 1_000_000 }

/** The connections to one Kafka cluster, for sources, sinks, transactions and topics. */
export class KafkaClient {
  readonly settings: KafkaSettings
  readonly unreachableTimeout: number
  readonly #options: KafkaClientOptions
  readonly #addresses: BrokerAddresses
  #outage = false

  /** @throws `bad-settings` */
  constructor(settings: KafkaSettings, options: KafkaClientOptions = {}) {
    const problems = optionProblems(settings, settingsRules, 'settings')
    if (problems.length > 0) throw badArguments('new KafkaClient', problems)
    checkOptions('new KafkaClient', options, clientRules)
    this.settings = settings
    this.unreachableTimeout = options.unreachableTimeout ?? 30_000
    this.#options = options
    this.#addresses = new BrokerAddresses(settings.brokers.map((broker) => parseBrokerAddress(broker)!))
  }

  /**
   * A separate Kafka object of kafkajs: its cache of committed offsets is per object and group, so no two consumers may
   * share one.
   */
  kafka(overrides: Partial<KafkaConfig> = {}): KafkaJs {
    checkArgument('kafka', 'overrides', overrides, configuration)
    const { brokers, clientId = 'card', tls, sasl } = this.settings
    const { log } = this.#options
    const kafka = new Kafka({
      brokers,
      clientId,
      connectionTimeout: 3000,
      requestTimeout: 30_000,
      // With the default of 10 s, a session that the broker ends sooner would be renewed for every request.
      reauthenticationThreshold: 1000,
      retry: patientRetries,
      socketFactory,
      logLevel: log === undefined ? logLevel.NOTHING : logLevel.INFO,
      logCreator: () =>
        log === undefined
          ? () => {}
          : ({ level, log: entry }) =>
              log(
                levelName(level),
                `${entry.message}${entry.error === undefined ? '' : ` (${entry.error})`}`,
              ),
      ...(tls && {
        ssl: {
          ...(tls.ca !== undefined && { ca: tls.ca }),
          ...(tls.certificate !== undefined && { cert: tls.certificate }),
          ...(tls.key !== undefined && { key: tls.key }),
          ...(tls.passphrase !== undefined && { passphrase: tls.passphrase }),
        },
      }),
      ...(sasl && { sasl: { ...sasl } as SASLOptions }),
      ...overrides,
    })
    adaptConnections(kafka, this.#addresses)
    return kafka
  }

  /**
   * Connects once. It waits for a broker that is still starting, and fails with the reason.
   *
   * @throws `broker-unreachable` after `unreachableTimeout`; at once `login-refused`, `tls-refused`
   */
  async check(): Promise<void> {
    // Connecting only asks for versions, which need no login; the list of brokers does.
    await this.admin((admin) => admin.describeCluster())
  }

  /**
   * Runs admin work over a separate connection, and again if the connection is lost, for `unreachableTimeout`.
   *
   * @throws KafkaIoError
   */
  async admin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    checkArgument('admin', 'work', work, callback)
    return this.untilReached(async () => {
      const admin = this.kafka({ retry: { ...patientRetries, retries: 3 } }).admin()
      try {
        await admin.connect()
        return await work(admin)
      } finally {
        await admin.disconnect().catch(() => {})
      }
    })
  }

  /**
   * Tries again while brokers are not reached, for `unreachableTimeout`.
   *
   * @throws the last error, explained; other errors at once
   */
  async untilReached<T>(work: () => Promise<T>): Promise<T> {
    checkArgument('untilReached', 'work', work, callback)
    const end = Date.now() + this.unreachableTimeout
    for (;;) {
      try {
        const result = await work()
        this.noteReachable()
        return result
      } catch (error) {
        const explained = this.explain(error)
        const unreached = explained.code === 'broker-unreachable'
        if (!unreached && !isTransient(error)) throw explained
        if (Date.now() >= end) throw explained
        if (unreached) this.noteUnreachable(error, end)
        await pause(Math.min(250, Math.max(1, end - Date.now())))
      }
    }
  }

  /** @internal @param until ms since the epoch */
  noteUnreachable(error: unknown, until: number): void {
    if (this.#outage) return
    this.#outage = true
    const { brokers } = this.settings
    this.#options.onUnreachable?.({ brokers, reason: reasonOf(error), until })
  }

  /** @internal */
  noteReachable(): void {
    if (!this.#outage) return
    this.#outage = false
    this.#options.onReachable?.()
  }

  /** @internal The one clear error for what kafkajs threw. */
  explain(error: unknown): KafkaIoError {
    return explain(error, this.settings.brokers)
  }

  /** @internal For work that has had no answer for too long. */
  unreachable(cause: unknown): KafkaIoError {
    return isConnectionError(cause)
      ? this.explain(cause)
      : unreachable(this.settings.brokers, 'no answer', cause)
  }
}

/** A coordinator or leader that is being elected: brokers answer so for about a second after a start. */
const transient: ReadonlySet<string | null> = new Set([
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'OFFSET_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'LISTENER_NOT_FOUND',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
  'NOT_CONTROLLER',
])

/** Whether a broker answered that the coordinator or leader is being elected. */
export function isTransient(error: unknown): boolean {
  return transient.has(answerType(error))
}

/** @throws `bad-settings` unless it is a client; one from the package's other module format will do */
export function checkClient(what: string, client: unknown): asserts client is KafkaClient {
  if (client instanceof KafkaClient) return
  const methods = client as Partial<KafkaClient> | null | undefined
  if (typeof methods?.kafka === 'function' && typeof methods.untilReached === 'function') return
  throw new KafkaIoError('bad-settings', `${what}: expected a KafkaClient, found ${shown(client)}`)
}

/** The innermost message: what a broker or the system said. */
function reasonOf(error: unknown): string {
  const message = chain(error).at(-1)?.message ?? String(error)
  return message.trim().replaceAll(/\s*\n\s*/g, ' ')
}

function levelName(level: LogLevel): 'error' | 'warn' | 'info' | 'debug' {
  if (level === logLevel.ERROR) return 'error'
  if (level === logLevel.WARN) return 'warn'
  return level === logLevel.INFO ? 'info' : 'debug'
}
