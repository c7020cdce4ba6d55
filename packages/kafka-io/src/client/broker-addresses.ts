import { isIPv6 } from 'node:net'

/** Where a broker listens. */
export interface BrokerAddress {
  /** A name or an IP address; IPv6 without brackets. */
  readonly host: string
  readonly port: number
}

const pattern = /^(?:\[([^\s\]]+)\]|([^\s/:[\]@,]+)):(\d{1,5})$/

/** Reads `host:port`, an IPv6 host in brackets (`[::1]:9092`); null where it is none. */
export function parseBrokerAddress(text: string): BrokerAddress | null {
  const match = pattern.exec(text)
  const [, bracketed, plain] = match ?? []
  const host = bracketed === undefined || isIPv6(bracketed) ? (bracketed ?? plain) : undefined
  const port = Number(match?.[3])
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : null
}

/**
 * The addresses a client was given, tried in turn: connections begin at the one that answered last, and go on to the
 * next where it fails. (kafkajs starts each connection at the first address and takes IPv6 addresses apart at their
 * colons.)
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

  /** The address did not answer. Several users may report the same one: it is left once. */
  failed(address: BrokerAddress): void {
    if (address === this.current) this.#current = (this.#current + 1) % this.#addresses.length
  }
}
