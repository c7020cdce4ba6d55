// Holds the cluster of the command line while it runs: `node daemon.js '{"folder":…,"nodes":…,"port":…}'`.
import { serveControl } from './control.js'
import { startKafka } from './start-kafka.js'

const options = JSON.parse(String(process.argv[2]))
let ready = false
// The command that waits for the start was interrupted: nobody would know of the cluster.
process.on('disconnect', () => ready || process.exit(1))

try {
  const kafka = await startKafka(options)
  const stop = () => kafka.stop().finally(() => process.exit())
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, stop)
  const { brokers, folder } = kafka
  await serveControl({ brokers, nodes: options.nodes, folder, pid: process.pid }, stop)
  ready = true
  process.send?.({ brokers }, () => process.disconnect())
} catch (error) {
  process.send?.({ error: error instanceof Error ? error.message : String(error) }, () => process.exit(1))
}
