import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { badArguments, optionProblems } from '../arguments/check-options.js'
import { isObject, listOf, oneOf, type Rule, recordOf, text } from '../arguments/rules.js'
import { shown } from '../arguments/shown.js'
import { KafkaIoError } from '../errors.js'
import { parseBrokerAddress } from './broker-addresses.js'

/** How to reach brokers, secrets included: made by `loadKafkaSettings`, never from flags. */
export interface KafkaSettings {
  /** `host:port`, at least one. */
  brokers: string[]
  /** What the broker's logs call us; default `card`. */
  clientId?: string
  tls?: TlsSettings
  sasl?: SaslSettings
}

/** Contents of PEM files; with none of them TLS trusts what Node trusts and shows no certificate. */
export interface TlsSettings {
  /** Authorities to trust instead of Node's. */
  ca?: string
  /** The client's certificate; only together with `key`. */
  certificate?: string
  key?: string
  /** Of an encrypted `key`. */
  passphrase?: string
}

/** A login by user name and password (SASL). Passwords go over the wire as they are with `plain`: use it with TLS. */
export interface SaslSettings {
  mechanism: SaslMechanism
  username: string
  password: string
}

const saslMechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const
/** How the login is proven to the broker (RFC 4616, RFC 5802); the broker has to offer it. */
export type SaslMechanism = (typeof saslMechanisms)[number]

/** Where `loadKafkaSettings` takes the connection's settings from. */
export interface SettingsSources {
  /** `host:port` each, at least one. */
  brokers: string[]
  /** What the broker's logs call us; default `card`. */
  clientId?: string
  /** A JSON file: `{"tls": true | {"ca","certificate","key": paths, "passphrase"}, "sasl": {"mechanism","username","password" | "passwordFile"}}`. */
  file?: string | undefined
  /** Wins over the file: `CARD_KAFKA_TLS`, `CARD_KAFKA_TLS_CA`, ... (see `environmentNames`). */
  env?: Readonly<Record<string, string | undefined>>
}

/** The environment's names and what they set. Paths are taken from the current folder. */
export const environmentNames = {
  CARD_KAFKA_TLS: 'tls',
  CARD_KAFKA_TLS_CA: 'tls.ca',
  CARD_KAFKA_TLS_CERTIFICATE: 'tls.certificate',
  CARD_KAFKA_TLS_KEY: 'tls.key',
  CARD_KAFKA_TLS_PASSPHRASE: 'tls.passphrase',
  CARD_KAFKA_SASL_MECHANISM: 'sasl.mechanism',
  CARD_KAFKA_SASL_USERNAME: 'sasl.username',
  CARD_KAFKA_SASL_PASSWORD: 'sasl.password',
  CARD_KAFKA_SASL_PASSWORD_FILE: 'sasl.passwordFile',
} as const

const brokerAddress: Rule = {
  expected: 'host:port with a port from 1 to 65535, an IPv6 host in brackets such as [::1]:9092',
  accepts: (value) => typeof value === 'string' && parseBrokerAddress(value) !== null,
}
// What it found may be a secret.
const anyText: Rule = {
  expected: 'a text',
  accepts: (value) => typeof value === 'string',
  found: (value) => `a ${typeof value}`,
}

/** Members of an object by name, each by its rule. */
function objectOf(members: Readonly<Record<string, Rule>>, required: readonly string[]): Rule {
  return {
    expected: `an object of ${Object.keys(members).join(', ')}`,
    accepts: (value) =>
      optionProblems(value, { optional: members }).length === 0 &&
      required.every((name) => (value as Record<string, unknown>)[name] !== undefined),
    found: (value) => {
      if (!isObject(value)) return shown(value)
      const missing = required.filter((name) => value[name] === undefined).map((name) => `no ${name}`)
      const wrong = Object.entries(value).flatMap(([name, each]) => {
        if (each === undefined) return []
        if (!Object.hasOwn(members, name)) return [`the unknown ${shown(name)}`]
        if (members[name]!.accepts(each)) return []
        // Any other member may be a secret, or the file that holds one.
        return [`${name === 'mechanism' ? shown(each) : `a ${typeof each}`} as ${name}`]
      })
      return [...missing, ...wrong].join(', ')
    },
  }
}

const tlsRule = objectOf({ ca: text, certificate: text, key: text, passphrase: text }, [])
const saslRule = objectOf({ mechanism: oneOf(...saslMechanisms), username: text, password: text }, [
  'mechanism',
  'username',
  'password',
])

/** What `KafkaSettings` are, for callers without types. Secrets are never part of a message. */
export const settingsRules = {
  required: { brokers: listOf(brokerAddress, 1) },
  optional: { clientId: text, tls: tlsRule, sasl: saslRule },
}

const sourcesRules = {
  required: { brokers: { expected: 'an array', accepts: Array.isArray } },
  optional: { clientId: text, file: text, env: recordOf(anyText) },
}

const paths = new Set(['tls.ca', 'tls.certificate', 'tls.key', 'sasl.passwordFile'])
const known = new Set<string>(Object.values(environmentNames))

/**
 * Brings the connection's settings together, and reads the files they name.
 *
 * @throws `bad-settings`, with every problem; no secret is in the message
 */
export function loadKafkaSettings(sources: SettingsSources): KafkaSettings {
  const misuse = optionProblems(sources, sourcesRules)
  if (misuse.length > 0) throw badArguments('loadKafkaSettings', misuse)
  const problems: string[] = []
  for (const broker of sources.brokers) {
    if (!brokerAddress.accepts(broker)) {
      problems.push(`a broker is ${brokerAddress.expected}, found ${shown(broker)}`)
    }
  }
  if (sources.brokers.length === 0) problems.push('expected at least one broker, found none')
  const values = new Map<string, string>()
  if (sources.file !== undefined) readFile(sources.file, values, problems)
  for (const [name, path] of Object.entries(environmentNames)) {
    const value = sources.env?.[name]
    if (value !== undefined && value !== '') values.set(path, paths.has(path) ? resolve(value) : value)
  }
  if (sources.env?.CARD_KAFKA_SASL_PASSWORD && !sources.env.CARD_KAFKA_SASL_PASSWORD_FILE) {
    values.delete('sasl.passwordFile')
  }
  const tls = tlsOf(values, problems)
  const sasl = saslOf(values, problems)
  if (problems.length > 0) {
    throw new KafkaIoError(
      'bad-settings',
      `The settings of the connection to Kafka are wrong:\n- ${problems.join('\n- ')}`,
    )
  }
  return {
    brokers: sources.brokers,
    ...(sources.clientId !== undefined && { clientId: sources.clientId }),
    ...(tls && { tls }),
    ...(sasl && { sasl }),
  }
}

/** The settings without their secrets, to be printed. @throws `bad-settings` */
export function redactSettings(settings: KafkaSettings): Record<string, unknown> {
  const misuse = optionProblems(settings, settingsRules, 'settings')
  if (misuse.length > 0) throw badArguments('redactSettings', misuse)
  const { brokers, clientId, tls, sasl } = settings
  const hidden = (value: string | undefined) => (value === undefined ? undefined : '***')
  return {
    brokers,
    clientId,
    tls: tls && { ca: tls.ca && '(PEM)', certificate: tls.certificate && '(PEM)', key: hidden(tls.key) },
    sasl: sasl && { mechanism: sasl.mechanism, username: sasl.username, password: hidden(sasl.password) },
  }
}

function readFile(file: string, values: Map<string, string>, problems: string[]): void {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    // The parser's message may quote the file, and with it a secret.
    problems.push(
      error instanceof SyntaxError
        ? `${file} is not JSON`
        : `${file} cannot be read (${(error as NodeJS.ErrnoException).code})`,
    )
    return
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    problems.push(`${file} holds no JSON object`)
    return
  }
  for (const [section, value] of Object.entries(content)) {
    if (section === 'tls' && typeof value === 'boolean') {
      values.set('tls', String(value))
      continue
    }
    if ((section !== 'tls' && section !== 'sasl') || typeof value !== 'object' || value === null) {
      problems.push(`${file}: expected the objects tls and sasl, found ${JSON.stringify(section)}`)
      continue
    }
    if (section === 'tls') values.set('tls', 'true')
    for (const [name, entry] of Object.entries(value)) {
      const path = `${section}.${name}`
      if (!known.has(path)) problems.push(`${file}: ${path} is unknown`)
      else if (typeof entry !== 'string') problems.push(`${file}: ${path} is no string`)
      else values.set(path, paths.has(path) ? resolve(dirname(file), entry) : entry)
    }
  }
}

function tlsOf(values: Map<string, string>, problems: string[]): TlsSettings | undefined {
  const on = values.get('tls')
  if (on !== undefined && on !== 'true' && on !== 'false') problems.push('tls is neither true nor false')
  const named = ['tls.ca', 'tls.certificate', 'tls.key', 'tls.passphrase'].some((path) => values.has(path))
  if (on === 'false' || (on === undefined && !named)) return undefined
  if (values.has('tls.certificate') !== values.has('tls.key')) {
    problems.push('tls.certificate and tls.key belong together: a client certificate needs both')
  }
  const tls: TlsSettings = {}
  for (const name of ['ca', 'certificate', 'key'] as const) {
    const path = values.get(`tls.${name}`)
    if (path === undefined) continue
    const content = contentOf(path, `tls.${name}`, problems)
    if (content === undefined) continue
    if (!content.includes('-----BEGIN ')) problems.push(`tls.${name}: ${path} is no PEM file`)
    tls[name] = content
  }
  const passphrase = values.get('tls.passphrase')
  return passphrase === undefined ? tls : { ...tls, passphrase }
}

function saslOf(values: Map<string, string>, problems: string[]): SaslSettings | undefined {
  if (![...values.keys()].some((path) => path.startsWith('sasl.'))) return undefined
  const mechanism = (values.get('sasl.mechanism') ?? '').toLowerCase()
  if (!isMechanism(mechanism)) {
    problems.push(`sasl.mechanism is one of ${saslMechanisms.join(', ')}, found ${mechanism || 'none'}`)
  }
  const file = values.get('sasl.passwordFile')
  const password =
    file === undefined
      ? values.get('sasl.password')
      : contentOf(file, 'sasl.passwordFile', problems)?.trimEnd()
  const username = values.get('sasl.username')
  if (!username) problems.push('sasl.username is missing')
  if (!password && file === undefined) problems.push('sasl.password (or sasl.passwordFile) is missing')
  if (file !== undefined && password === '') problems.push(`sasl.passwordFile: ${file} is empty`)
  return isMechanism(mechanism) && username && password ? { mechanism, username, password } : undefined
}

function isMechanism(text: string): text is SaslMechanism {
  return (saslMechanisms as readonly string[]).includes(text)
}

function contentOf(path: string, name: string, problems: string[]): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    problems.push(`${name}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`)
    return undefined
  }
}
