import { BadValue } from './bad-value.js'

const brokersExpected = 'host:port, several joined by commas ([::1]:9092 for an IPv6 address)'

/** `host:port`, joined by commas; an IPv6 address stands in brackets. */
export function brokerList(text: string): readonly string[] {
  return text.split(',').map((broker) => {
    const address = broker.trim()
    const [, , port] = parts(address) ?? []
    if (port === undefined || port === 0) throw new BadValue(brokersExpected, address)
    return address
  })
}

/** `host:port` to listen on; a port alone listens on 127.0.0.1, port 0 takes a free one. */
export function listenAddress(text: string): { readonly host: string; readonly port: number } {
  const [, host, port] = parts(/^\d+$/.test(text) ? `127.0.0.1:${text}` : text) ?? []
  if (port === undefined) throw new BadValue('an address such as 127.0.0.1:9464 or [::1]:9464', text)
  return { host: host!.replace(/^\[|\]$/g, ''), port }
}

/** Host and port; null for what cannot be an address. */
function parts(text: string): [string, string, number] | null {
  const match = /^(\[[0-9a-fA-F:.]+\]|[\p{L}\p{N}._-]+):(\d{1,5})$/u.exec(text)
  const port = Number(match?.[2])
  return port <= 65_535 ? [text, match![1]!, port] : null
}
