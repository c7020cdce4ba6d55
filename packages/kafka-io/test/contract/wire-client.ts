import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { WireRequest } from '../../src/protocol/request.js'
import { frames } from './lossy-proxy.js'

/** Sends requests to one broker over one connection, each once: no retries, no metadata. */
export class WireClient {
  readonly #port: number
  readonly #waiting = new Map<number, { resolve(payload: Buffer): void; reject(error: Error): void }>()
  #socket: Promise<Socket> | null = null
  #correlation = 0

  constructor(port: number) {
    this.#port = port
  }

  /** @throws Error where the connection breaks before the answer has come; the next request opens another */
  async send<T>({ request, response }: WireRequest<T>): Promise<T> {
    const { apiKey, apiVersion } = request
    const { buffer } = (await request.encode()) as { buffer: Buffer }
    this.#socket ??= this.#connect()
    const socket = await this.#socket
    const correlation = this.#correlation++
    // Size, API key and version, correlation id, and the client id that is null.
    const header = Buffer.alloc(14)
    header.writeInt32BE(header.length - 4 + buffer.length, 0)
    header.writeInt16BE(apiKey, 4)
    header.writeInt16BE(apiVersion, 6)
    header.writeInt32BE(correlation, 8)
    header.writeInt16BE(-1, 12)
    const answer = new Promise<Buffer>((resolve, reject) => {
      this.#waiting.set(correlation, { resolve, reject })
    })
    socket.write(Buffer.concat([header, buffer]))
    const late = setTimeout(() => {
      this.#waiting.get(correlation)?.reject(new Error(`no answer to ${request.apiName} within 30 s`))
    }, 30_000)
    try {
      return await response.decode(await answer)
    } finally {
      clearTimeout(late)
    }
  }

  async close(): Promise<void> {
    const socket = await this.#socket?.catch(() => null)
    socket?.destroy()
  }

  async #connect(): Promise<Socket> {
    const socket = connect(this.#port, '127.0.0.1')
    socket.on(
      'data',
      frames((frame) => {
        const correlation = frame.readInt32BE(4)
        this.#waiting.get(correlation)?.resolve(frame.subarray(8))
        this.#waiting.delete(correlation)
      }),
    )
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#socket = null
      for (const { reject } of this.#waiting.values()) reject(new Error('the connection broke'))
      this.#waiting.clear()
    })
    await once(socket, 'connect')
    return socket
  }
}
