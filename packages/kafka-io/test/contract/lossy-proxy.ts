import { connect, createServer, type Server, type Socket } from 'node:net'

/** Stands between a client and one broker, and loses answers when told to. */
export class LossyProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** API keys whose next answer is lost. */
  readonly #losing = new Set<number>()

  private constructor(host: string, port: number) {
    this.#server = createServer((client) => this.#link(client, connect(port, host)))
  }

  /** @param broker `host:port` */
  static async before(broker: string): Promise<LossyProxy> {
    const [host, port] = broker.split(':') as [string, string]
    const proxy = new LossyProxy(host, Number(port))
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port
  }

  /** The next answer to a request of this API arrives here, and its connection breaks. */
  loseNextAnswer(apiKey: number): void {
    this.#losing.add(apiKey)
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #link(client: Socket, broker: Socket): void {
    /** API keys of the requests that wait for their answer, by correlation id. */
    const waiting = new Map<number, number>()
    const end = () => {
      client.destroy()
      broker.destroy()
    }
    for (const socket of [client, broker]) {
      this.#sockets.add(socket)
      socket.on('error', end).on('close', () => {
        this.#sockets.delete(socket)
        end()
      })
    }
    client.on(
      'data',
      frames((frame) => {
        waiting.set(frame.readInt32BE(8), frame.readInt16BE(4))
        broker.write(frame)
      }),
    )
    broker.on(
      'data',
      frames((frame) => {
        const correlation = frame.readInt32BE(4)
        const apiKey = waiting.get(correlation)!
        waiting.delete(correlation)
        if (this.#losing.delete(apiKey)) end()
        else client.write(frame)
      }),
    )
  }
}

/** Cuts a stream into Kafka's frames, each with its size of 4 bytes before it. */
export function frames(take: (frame: Buffer) => void): (bytes: Buffer) => void {
  let rest = Buffer.alloc(0)
  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const size = 4 + rest.readInt32BE(0)
      take(rest.subarray(0, size))
      rest = rest.subarray(size)
    }
  }
}
