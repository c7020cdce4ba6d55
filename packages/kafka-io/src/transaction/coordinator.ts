import { isConnectionError } from '../client/error-chain.js'
import type { KafkaClient } from '../client/kafka-client.js'
import { KafkaIoError } from '../errors.js'
import type { WireRequest } from '../protocol/request.js'
import { errorOf, verdictOf } from './answers.js'
import type { Connections } from './connections.js'
import { Patience } from './patience.js'
import { findCoordinator } from './requests.js'

/** The broker that coordinates the transactions of one id, wherever it moves. */
export class Coordinator {
  readonly #client: KafkaClient
  readonly #connections: Connections
  readonly #transactionalId: string
  #nodeId: number | null = null

  constructor(client: KafkaClient, connections: Connections, transactionalId: string) {
    this.#client = client
    this.#connections = connections
    this.#transactionalId = transactionalId
  }

  /**
   * Sends a request until there is a final response. After a lost response the same request is sent again, and a
   * coordinator answers it as it did the first time.
   *
   * @param request creates it, because an identity may have changed in the meantime
   * @throws KafkaIoError fenced, not-authorized, bad-settings, broker-unreachable (after the client's
   *   `unreachableTimeout`), request-failed, closed (`signal`)
   */
  async ask<T extends { errorCode: number }>(
    doing: string,
    request: () => WireRequest<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const patience = new Patience(this.#client.unreachableTimeout, signal)
    for (;;) {
      let failure: KafkaIoError
      let first = 5
      try {
        this.#nodeId ??= await this.#find(doing)
        const answer = await this.#connections.send(this.#nodeId, request())
        const verdict = verdictOf(answer.errorCode)
        if (verdict === 'done') return answer
        failure = errorOf(answer.errorCode, this.#transactionalId, doing, null)
        if (verdict === 'coordinator') this.#nodeId = null
        else if (verdict !== 'wait') throw failure
        if (verdict === 'coordinator') first = 50
      } catch (error) {
        if (!isConnectionError(error)) throw this.#client.explain(error)
        this.#nodeId = null
        failure = this.#client.unreachable(error)
        first = 50
      }
      if (!(await patience.wait(first, first === 5 ? 20 : 1000))) throw failure
    }
  }

  async #find(doing: string): Promise<number> {
    const patience = new Patience(this.#client.unreachableTimeout)
    for (;;) {
      const { errorCode, nodeId } = await this.#connections.sendToAny(findCoordinator(this.#transactionalId))
      const verdict = verdictOf(errorCode)
      if (verdict === 'done') return nodeId
      const failure = errorOf(errorCode, this.#transactionalId, doing, null)
      if (verdict !== 'coordinator') throw failure
      if (!(await patience.wait(50, 1000))) throw unavailable(this.#transactionalId, failure)
    }
  }
}

// With fewer brokers than transaction.state.log.replication.factor the log of transactions is never made.
function unavailable(transactionalId: string, cause: KafkaIoError): KafkaIoError {
  return new KafkaIoError(
    'broker-unreachable',
    `No broker coordinates the transactional id ${transactionalId}: either the cluster is starting, or it has fewer brokers ` +
      'than its transaction.state.log.replication.factor requires, and cannot run transactions',
    { cause },
  )
}
