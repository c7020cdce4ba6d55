import { isIPv6 } from 'node:net'

/** Where a broker listens. */
export interface BrokerAddress {
  /** A name or an IP address; IPv6 without brackets. */
  readonly host: string
  readonly port: number
}

const pattern = /^(?:\[([^\s\]]+)\]|([^\s/:[\]@,]+)):(\d{1,5})$/

/** Reads `host:port`, an IPv6 host in brackets (`[::1]:9092`); null for anything else. */
export function parseBrokerAddress(text: string): BrokerAddress | null {
  const match = pattern.exec(text)
  const [, bracketed, plain] = match ?? []
  const host = bracketed === undefined || isIPv6(bracketed) ? (bracketed ?? plain) : undefined
  const port = Number(match?.[3])
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : null
}

/**
 * The addresses of a client, tried in turn: connections start at the one that answered last and go on to the next if it
 * fails. (kafkajs starts each connection at the first address and splits IPv6 addresses at their colons.)
 */
export class BrokerAddresses {
  readonly #addresses: readonly BrokerAddress[]
  #current = 0

  /** @param addresses at least one */
  constructor(addresses: readonly BrokerAddress[]) {
    this.#addresses = addresses
  }

  get current(): BrokerAddress {
    return this.#addresses[this.#current]!
  }

  /** The address did not answer. Several connections may report the same one, but it is skipped once. */
  failed(address: BrokerAddress): void {
    if (address === this.current) this.#current = (this.#current + 1) % this.#addresses.length
  }
}
