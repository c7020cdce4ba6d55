import type { BrokerAddress, BrokerAddresses } from './broker-addresses.js'
import { isConnectionError } from './error-chain.js'
import type { InternalCluster, InternalConnectionPool } from './internals.js'

/**
 * Connects a cluster that knows no broker yet to the address whose turn it is. kafkajs asks for a pool without a
 * destination then.
 */
export function startAtCurrentAddress(cluster: InternalCluster, addresses: BrokerAddresses): InternalCluster {
  const builder = cluster.connectionPoolBuilder
  const build = builder.build.bind(builder)
  builder.build = async (destination) => {
    if (destination?.host !== undefined) return build(destination)
    const address = addresses.current
    const pool = await build({ ...address })
    reportFailures(pool, address, addresses)
    return pool
  }
  return cluster
}

function reportFailures(
  pool: InternalConnectionPool,
  address: BrokerAddress,
  addresses: BrokerAddresses,
): void {
  const reporting =
    <A extends unknown[], T>(work: (...args: A) => Promise<T>) =>
    async (...args: A) => {
      try {
        return await work(...args)
      } catch (error) {
        if (isConnectionError(error)) addresses.failed(address)
        throw error
      }
    }
  for (const connection of pool.pool) connection.connect = reporting(connection.connect.bind(connection))
  pool.send = reporting(pool.send.bind(pool))
}
