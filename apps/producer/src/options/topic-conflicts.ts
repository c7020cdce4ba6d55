type Missing = { readonly options: readonly ('topic' | 'brokers')[]; readonly text: string }

/** What a command that talks to Kafka cannot do without. */
export function missingTopic(values: { topic: string | null; brokers: readonly string[] | null }): Missing[] {
  const missing: Missing[] = []
  if (values.topic === null) {
    missing.push({ options: ['topic'], text: '--topic: expected the name of a topic, found none' })
  }
  return [...missing, ...missingBrokers(values)]
}

/** Without brokers there is no topic to send to. */
export function missingBrokers(values: { brokers: readonly string[] | null }): Missing[] {
  if (values.brokers !== null) return []
  return [{ options: ['brokers'], text: '--brokers: expected host:port of Kafka, found none' }]
}
