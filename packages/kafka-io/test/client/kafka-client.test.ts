import kafkajs from 'kafkajs'
import { expect, test } from 'vitest'
import { KafkaClient } from '../../src/client/kafka-client.js'

const client = new KafkaClient({ brokers: ['127.0.0.1:1'] }, { unreachableTimeout: 2000 })

test.each([
  ['NOT_LEADER_FOR_PARTITION', 6],
  ['LEADER_NOT_AVAILABLE', 5],
  ['NOT_CONTROLLER', 41],
])('a broker that has just come back and answers %s is asked again', async (type, code) => {
  const answers = [type, type]
  const ask = async () => {
    const answer = answers.pop()
    if (answer === undefined) return 'answered'
    throw new kafkajs.KafkaJSProtocolError({
      type,
      code,
      retriable: true,
      name: type,
      message: type,
    } as never)
  }
  expect(await client.untilReached(ask)).toBe('answered')
})

test('an answer that will not change is an error at once', async () => {
  let asked = 0
  const ask = async () => {
    asked++
    throw refusal('TOPIC_AUTHORIZATION_FAILED', 29)
  }
  await expect(client.untilReached(ask)).rejects.toMatchObject({ name: 'KafkaIoError' })
  expect(asked).toBe(1)
})

/** What kafkajs throws for an answer of a broker. */
function refusal(type: string, code: number): Error {
  const error = { type, code, retriable: true, name: type, message: `the broker answers ${type}` }
  return Object.assign(new kafkajs.KafkaJSProtocolError(error.message), error)
}
