import type { Kafka } from 'kafkajs'
import { readFetchResponse } from '../batch/fetch-response.js'
import { KafkaIoError } from '../errors.js'
import { metadataApi, metadataRequest } from '../protocol/metadata.js'
import { speaks } from '../protocol/request.js'
import { AnswerAssembler } from './answer-assembler.js'
import type { AnswerBuffers } from './answer-buffers.js'
import type { BrokerAddresses } from './broker-addresses.js'
import { startAtCurrentAddress } from './first-connection.js'
import {
  type CreateCluster,
  createClusterOf,
  type InternalCluster,
  type InternalConnection,
  type InternalConnectionPool,
  type InternalRequest,
  type InternalRequestQueue,
} from './internals.js'
import { assemblingSockets } from './socket-factory.js'

const fetchKey = 1
const fetchVersion = 11

/**
 * Makes every connection of this one Kafka object idle quietly, and the first of each cluster go to the address whose
 * turn it is. Other Kafka objects of the process, and the modules they share, stay as they are.
 *
 * @throws `wrong-kafkajs`
 */
export function adaptConnections(kafka: Kafka, addresses: BrokerAddresses): void {
  const property = createClusterOf(kafka)
  const original = property.get()
  property.set((options) =>
    onEveryPool(startAtCurrentAddress(original(options), addresses), (pool) => pool.pool.forEach(quietQueue)),
  )
}

/** Sends a request to a broker, as kafkajs's connections do: resolves with the parsed answer, throws for one that is an error. */
export type SendRequest = (request: InternalRequest) => Promise<unknown>

/** Has every request of this one Kafka object go through `intercept`, which sends it, or another, or none. */
export function interceptRequests(
  kafka: Kafka,
  intercept: (request: InternalRequest, send: SendRequest) => Promise<unknown>,
): void {
  const property = createClusterOf(kafka)
  const original = property.get()
  property.set((options) =>
    onEveryPool(original(options), (pool) => {
      const send = pool.send.bind(pool)
      pool.send = (request) => intercept(request, send)
    }),
  )
}

export interface RawCluster extends InternalCluster {
  /** Ends without waiting for answers, which `disconnect` does: an open fetch may take its whole maxWait. */
  abort(): Promise<void>
}

/**
 * A cluster of this Kafka object whose fetches answer with raw record batches (`FetchResponse`), and whose
 * metadata names errors per topic instead of failing as a whole.
 *
 * @param buffers large answers are read into; the bytes of a `FetchResponse` are to be given back there
 */
export function rawCluster(
  kafka: Kafka,
  options: Parameters<CreateCluster>[0],
  buffers: AnswerBuffers,
): RawCluster {
  const pools = new Set<InternalConnectionPool>()
  const cluster: InternalCluster = onEveryPool(createClusterOf(kafka).get()(options), (pool) => {
    pools.add(pool)
    for (const connection of pool.pool) assembleAnswers(connection, buffers)
    const send = pool.send.bind(pool)
    pool.send = (request) => send(rawRequest(request, pool, cluster.targetTopics))
  })
  return Object.assign(cluster, {
    async abort() {
      const error = new KafkaIoError('closed', 'The connection was closed while a request was open')
      for (const { pool } of pools) for (const connection of pool) connection.rejectRequests(error)
      await cluster.disconnect()
    },
  })
}

// The builder makes the pool of every broker, also anew after a failed login.
function onEveryPool(
  cluster: InternalCluster,
  change: (pool: InternalConnectionPool) => void,
): InternalCluster {
  const builder = cluster.connectionPoolBuilder
  const build = builder.build.bind(builder)
  builder.build = async (destination) => {
    const pool = await build(destination)
    change(pool)
    return pool
  }
  return cluster
}

// kafkajs sets a timer of no delay after every timer, 2,000 a second on an idle connection (its issues #1704,
// #1751, #1755): a check is needed only where requests wait, or the broker has asked for a pause.
function quietQueue({ requestQueue }: { requestQueue: InternalRequestQueue }): void {
  const schedule = requestQueue.scheduleCheckPendingRequests.bind(requestQueue)
  requestQueue.scheduleCheckPendingRequests = () => {
    if (requestQueue.pending.length > 0 || requestQueue.throttledUntil > Date.now()) schedule()
  }
}

function assembleAnswers(connection: InternalConnection, buffers: AnswerBuffers): void {
  const take = (answer: Buffer) => {
    // The parts of a login come one at a time, and kafkajs reads them itself.
    if (connection.authHandlers !== null) return connection.processData(answer)
    connection.requestQueue.fulfillRequest({
      size: answer.length - 4,
      correlationId: answer.readInt32BE(4),
      payload: answer.subarray(8),
    })
  }
  connection.socketFactory = assemblingSockets(() => new AnswerAssembler(buffers, take))
}

function rawRequest(
  request: InternalRequest,
  { pool }: InternalConnectionPool,
  topics: ReadonlySet<string>,
): InternalRequest {
  const { apiKey, apiVersion } = request.request
  // Newer ones of metadata, and of fetches below, are our own.
  if (apiKey === metadataApi.key && apiVersion < metadataApi.version) {
    if (speaks(pool[0]?.versions, metadataApi)) return metadataRequest([...topics])
    return { ...request, response: { decode: (payload) => request.response.decode(payload), parse: same } }
  }
  if (apiKey !== fetchKey || apiVersion > fetchVersion) return request
  if (apiVersion !== fetchVersion) {
    throw new KafkaIoError(
      'request-failed',
      `Expected a broker that speaks Fetch ${fetchVersion} (Kafka 2.3 or newer), found version ${apiVersion}`,
    )
  }
  return { ...request, response: { decode: async (payload) => readFetchResponse(payload), parse: same } }
}

async function same(decoded: unknown): Promise<unknown> {
  return decoded
}
