/** What kafkajs puts into its errors. */
export interface KafkaJsError extends Error {
  type?: string
  code?: string | number
  retriable?: boolean
  topic?: string
  /** Of a request for several topics, the error of each. */
  errors?: unknown[]
  cause?: unknown
}

const connectionErrors = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSLockTimeout',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSGroupCoordinatorNotFound',
])

/** The errors that wrap each other, outermost first. */
export function chain(error: unknown): KafkaJsError[] {
  const all: KafkaJsError[] = []
  for (let each = error; each instanceof Error && all.length < 10; ) {
    const found = each as KafkaJsError
    all.push(found)
    each = found.cause ?? found.errors?.[0]
  }
  return all
}

/** Kafka's own name of the error a broker answered with, null where it was no answer. */
export function answerType(error: unknown): string | null {
  return chain(error).find(({ type }) => type !== undefined)?.type ?? null
}

/** Whether the brokers were not reached, or went away: trying again may help. */
export function isConnectionError(error: unknown): boolean {
  return chain(error).some(
    ({ name, code }) =>
      connectionErrors.has(name) ||
      (typeof code === 'string' && /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_AGAIN)/.test(code)),
  )
}
