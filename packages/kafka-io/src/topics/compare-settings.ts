import { KafkaIoError } from '../errors.js'

/** What a topic has to have. */
export interface WantedSettings {
  readonly topic: string
  /** By their name. */
  readonly settings: Readonly<Record<string, string>>
  /** Addresses, for the command that would help. */
  readonly brokers: readonly string[]
}

/** Compares the settings of a topic that is there with those it must have. @param config empty: the login may not see it */
export function compareSettings(
  { topic, settings, brokers }: WantedSettings,
  config: ReadonlyMap<string, string>,
  problems: KafkaIoError[],
  warnings: string[],
): void {
  if (config.size === 0) {
    warnings.push(
      `The settings of ${topic} cannot be seen: grant DESCRIBE_CONFIGS on it, or make sure that it has ${listOf(settings)}`,
    )
    return
  }
  const wrong = Object.entries(settings).filter(([name, value]) => !agrees(name, value, config.get(name)))
  if (wrong.length === 0) return
  const found = wrong.map(([name]) => `${name}=${config.get(name) ?? ''}`).join(', ')
  const wanted = listOf(Object.fromEntries(wrong))
  problems.push(
    new KafkaIoError(
      'topic-config',
      `Expected ${topic} to have ${wanted}, found ${found}: set it with kafka-configs.sh --bootstrap-server ${brokers[0]} ` +
        `--alter --entity-type topics --entity-name ${topic} --add-config ${wanted.replaceAll(', ', ',')}`,
    ),
  )
}

function listOf(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')
}

function agrees(name: string, wanted: string, found: string | undefined): boolean {
  if (found === wanted) return true
  if (found === undefined || wanted === '') return false
  const [want, have] = [Number(wanted), Number(found)]
  return have === want || (name === 'max.message.bytes' && have > want)
}
