import { createServer } from 'node:net'

/**
 * Ports that were free a moment ago, all different.
 *
 * @param {number} count
 * @returns {Promise<number[]>}
 */
export async function freePorts(count) {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)))
  const ports = servers.map((server) => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  })
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/**
 * Neighbouring ports from a given one on.
 *
 * @param {number} first
 * @param {number} count
 * @returns {Promise<number[]>}
 * @throws when one of them is taken
 */
export async function fixedPorts(first, count) {
  const ports = Array.from({ length: count }, (_, i) => first + i)
  for (const port of ports) {
    const server = await listen(port).catch((error) => {
      throw new Error(
        `Ports ${first} to ${first + count - 1} are needed, and ${port} cannot be used (${error.code}): ` +
          'end what listens there, or choose another first port with --port',
      )
    })
    await new Promise((resolve) => server.close(resolve))
  }
  return ports
}

/**
 * @param {number} port
 * @returns {Promise<import('node:net').Server>}
 */
function listen(port) {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}
