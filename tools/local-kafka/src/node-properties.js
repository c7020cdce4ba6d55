/**
 * @typedef {object} NodePlan
 * @property {number} id from 1
 * @property {Record<string, number>} ports by listener name, CONTROLLER and PLAINTEXT always there
 * @property {string} data folder of the log
 */

const protocols = {
  CONTROLLER: 'PLAINTEXT',
  PLAINTEXT: 'PLAINTEXT',
  TLS: 'SSL',
  MTLS: 'SSL',
  EXPIRED: 'SSL',
  SASL: 'SASL_PLAINTEXT',
  SASLTLS: 'SASL_SSL',
}

/**
 * The names of the listeners a set of options asks for.
 *
 * @param {import('./types.js').StartOptions} options
 * @returns {string[]}
 */
export function listenerNames({ tls, sasl }) {
  return [
    'PLAINTEXT',
    'CONTROLLER',
    ...(tls ? ['TLS', 'MTLS', 'EXPIRED'] : []),
    ...(sasl ? ['SASL'] : []),
    ...(tls && sasl ? ['SASLTLS'] : []),
  ]
}

/**
 * The properties file of one node of a cluster where every node is broker and controller.
 *
 * @param {NodePlan} node
 * @param {readonly NodePlan[]} nodes
 * @param {import('./types.js').StartOptions} options
 * @param {{ keystore?: string, expiredKeystore?: string, truststore?: string, login?: import('./types.js').Login }} secrets
 */
export function nodeProperties(node, nodes, options, secrets) {
  const names = Object.keys(node.ports)
  const address = (/** @type {string} */ name) => `${name}://127.0.0.1:${node.ports[name]}`
  const replicas = String(nodes.length)
  const inSync = nodes.length > 1 ? '2' : '1'
  /** @type {Record<string, string>} */
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': String(node.id),
    'controller.quorum.voters': nodes.map(({ id, ports }) => `${id}@127.0.0.1:${ports.CONTROLLER}`).join(','),
    listeners: names.map(address).join(','),
    'advertised.listeners': names
      .filter((name) => name !== 'CONTROLLER')
      .map(address)
      .join(','),
    'listener.security.protocol.map': Object.entries(protocols)
      .filter(([name]) => names.includes(name))
      .map(([name, protocol]) => `${name}:${protocol}`)
      .join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': node.data,
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': '0',
    // The default of 128 MiB would not fit into a small heap.
    'log.cleaner.dedupe.buffer.size': '16777216',
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': nodes.length > 1 ? '10' : '4',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': nodes.length > 1 ? '10' : '4',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    ...(options.shortSessions
      ? {
          'group.min.session.timeout.ms': '500',
          'broker.session.timeout.ms': '2000',
          'broker.heartbeat.interval.ms': '250',
        }
      : {}),
    ...(options.tls ? tlsProperties(secrets) : {}),
    ...(options.sasl && secrets.login ? saslProperties(names, secrets.login) : {}),
    ...options.properties,
  }
  return `${Object.entries(properties)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n')}\n`
}

/** @param {{ keystore?: string, expiredKeystore?: string, truststore?: string }} secrets */
function tlsProperties({ keystore, expiredKeystore, truststore }) {
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': String(keystore),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': String(truststore),
    'listener.name.mtls.ssl.client.auth': 'required',
    'listener.name.expired.ssl.keystore.location': String(expiredKeystore),
  }
}

/**
 * @param {string[]} names
 * @param {import('./types.js').Login} login
 */
function saslProperties(names, { username, password }) {
  const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule'
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule'
  /** @type {Record<string, string>} */
  const properties = { 'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512' }
  for (const name of names.filter((each) => each.startsWith('SASL'))) {
    const prefix = `listener.name.${name.toLowerCase()}`
    properties[`${prefix}.plain.sasl.jaas.config`] = `${plain} required user_${username}="${password}";`
    for (const mechanism of ['scram-sha-256', 'scram-sha-512']) {
      properties[`${prefix}.${mechanism}.sasl.jaas.config`] = `${scram} required;`
    }
  }
  return properties
}
