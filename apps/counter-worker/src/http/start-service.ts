import type { AddressInfo } from 'node:net'
import { ExitCode, ExitError, type Logger, messageOf } from '@card/app-kit'
import type { FastifyInstance } from 'fastify'
import { version } from '../../package.json'
import type { OnFinal } from '../output/outputs.js'
import type { InputFigures } from './input-figures.js'
import type { MetricSources } from './metrics.js'

/** The HTTP side of a run. */
export interface Service {
  /** Takes the seconds that a batch took. */
  readonly onBatch: (seconds: number) => void
  readonly onFinal: OnFinal
  /**
   * Input and outputs are open: from now on it is ready, and its figures are those of the run.
   *
   * @param whyNothingCounts says why it is not ready although it reads; null: it is
   */
  opened(run: MetricSources, figures: () => InputFigures, whyNothingCounts: () => string | null): void
  close(): Promise<void>
}

/**
 * Serves `/metrics`, `/livez`, `/readyz` and `/version`, before anything is open; null without an address.
 *
 * @throws ExitError (1) when the address cannot be listened on
 */
export async function startService(
  address: { readonly host: string; readonly port: number } | null,
  log: Logger,
): Promise<Service | null> {
  if (address === null) return null
  // Loaded where they are wanted: a run over files starts without them.
  const [{ fastify }, { Metrics }] = await Promise.all([import('fastify'), import('./metrics.js')])
  let run: MetricSources | null = null
  let figures: (() => InputFigures) | null = null
  let whyNothingCounts: () => string | null = () => null
  const metrics = new Metrics(
    version,
    () => run,
    () => figures?.() ?? null,
  )
  // A client that says nothing, or reads nothing, must not keep the program from its end.
  const app = fastify({ forceCloseConnections: true })
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()))
  // That it answers is the answer: a loop that hangs would not.
  app.get('/livez', async () => ({ status: 'alive' }))
  app.get('/readyz', async (_request, reply) => {
    const waiting = figures === null ? 'connecting to the brokers' : (figures().waiting ?? whyNothingCounts())
    return waiting === null ? { status: 'ready' } : reply.code(503).send({ status: waiting })
  })
  app.get('/version', async () => ({ name: 'counter-worker', version, node: process.version }))
  const url = await listen(app, address)
  log.info({ url }, 'serving /metrics, /livez, /readyz, /version')
  return {
    onBatch: metrics.onBatch,
    onFinal: metrics.onFinal,
    opened(sources, read, why) {
      run = sources
      figures = read
      whyNothingCounts = why
    },
    close: () => app.close(),
  }
}

/** @returns the address that it listens on, which names all interfaces where it is all of them */
async function listen(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<string> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    throw new ExitError(ExitCode.failed, [`cannot listen on ${host}:${port}: ${messageOf(error)}`])
  }
  const { address, family, port: bound } = app.server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`
}
