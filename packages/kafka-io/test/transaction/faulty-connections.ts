import type { WireRequest } from '../../src/protocol/request.js'
import { Connections } from '../../src/transaction/connections.js'

/** A fault for the next request of a name, `Produce` for example. */
export type Fault = 'request-lost' | 'reply-lost'

/** Connections on which a request or a reply can be lost, as when a broker's connection breaks. */
export class FaultyConnections extends Connections {
  readonly sent: string[] = []
  readonly #faults = new Map<string, Fault[]>()

  /** The next requests of this name meet these faults, one each. */
  plan(api: string, ...faults: Fault[]): void {
    this.#faults.set(api, faults)
  }

  override async send<T>(nodeId: number, request: WireRequest<T>): Promise<T> {
    const { apiName, apiVersion } = request.request
    this.sent.push(`${apiName} ${apiVersion}`)
    const fault = this.#faults.get(apiName)?.shift()
    if (fault !== 'request-lost') {
      const answer = await super.send(nodeId, request)
      if (fault === undefined) return answer
    }
    throw Object.assign(new Error('Closed connection'), { name: 'KafkaJSConnectionClosedError' })
  }
}
