import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Makes a test authority, a server certificate for 127.0.0.1 and localhost, and a client certificate; of both also
 * one that has run out.
 *
 * @param {string} folder where the PEM files are written
 * @returns {Promise<import('./types.js').Certificates & { keystore: string, expiredKeystore: string }>} the keystores
 *   hold a server's key and chain, the form that Kafka reads
 */
export async function makeCertificates(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = (/** @type {string} */ name) => join(folder, name)
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const authority = ['-subj', '/CN=local-kafka authority', '-days', '30', '-out', file('ca.pem')]
  await openssl(['req', '-x509', ...newKey, '-keyout', file('ca.key'), ...authority])
  for (const name of ['server', 'client', 'expired-server', 'expired-client']) {
    const request = ['-subj', `/CN=local-kafka ${name}`, '-out', file(`${name}.csr`)]
    await openssl(['req', ...newKey, '-keyout', file(`${name}.key`), ...request])
    writeFileSync(file(`${name}.ext`), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n')
    const days = name.startsWith('expired') ? '-1' : '30'
    const signer = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', days]
    const output = ['-extfile', file(`${name}.ext`), '-out', file(`${name}.pem`)]
    await openssl(['x509', '-req', '-in', file(`${name}.csr`), ...signer, ...output])
  }
  for (const server of ['server', 'expired-server']) {
    const chain = [`${server}.key`, `${server}.pem`, 'ca.pem'].map((name) => readFileSync(file(name), 'utf8'))
    writeFileSync(file(`${server}-keystore.pem`), chain.join(''), { mode: 0o600 })
  }
  return {
    ca: file('ca.pem'),
    clientCertificate: file('client.pem'),
    clientKey: file('client.key'),
    expiredCertificate: file('expired-client.pem'),
    expiredKey: file('expired-client.key'),
    keystore: file('server-keystore.pem'),
    expiredKeystore: file('expired-server-keystore.pem'),
  }
}

/** @param {string[]} args */
async function openssl(args) {
  try {
    await run('openssl', args)
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error)
    throw new Error(`openssl is needed to make the certificates of a TLS listener; it said: ${found}`)
  }
}
