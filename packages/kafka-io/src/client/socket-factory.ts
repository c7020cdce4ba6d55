import { connect, isIP, type Socket, type TcpSocketConnectOpts } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ISocketFactory } from 'kafkajs'
import type { AnswerAssembler } from './answer-assembler.js'

const keepAliveDelay = 60_000

/**
 * Sockets as kafkajs makes them, except that a closed one takes no more calls of `unref`: kafkajs repeats it at
 * every attempt to reach a broker that is away, and Node keeps a listener for each and warns of a leak.
 */
export const socketFactory: ISocketFactory = (options) => openSocket(options, {})

/** Such sockets that read to where an assembler says, and emit no data; a new assembler for each. */
export function assemblingSockets(newAssembler: () => AnswerAssembler): ISocketFactory {
  return (options) => {
    const assembler = newAssembler()
    const socket: Socket = openSocket(options, {
      onread: {
        buffer: () => assembler.space,
        callback(bytes) {
          try {
            assembler.take(bytes)
          } catch (error) {
            socket.destroy(error as Error)
          }
          return true
        },
      },
    })
    return socket
  }
}

function openSocket(
  { host, port, ssl, onConnect }: Parameters<ISocketFactory>[0],
  reading: Pick<TcpSocketConnectOpts, 'onread'>,
): Socket {
  const socket: Socket = ssl
    ? connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ...reading, ...ssl }, onConnect)
    : connect({ host, port, ...reading }, onConnect)
  socket.setKeepAlive(true, keepAliveDelay)
  const unref = socket.unref.bind(socket)
  socket.unref = () => (socket.destroyed ? socket : unref())
  return socket
}
