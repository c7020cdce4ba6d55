import { listenAddress, oneOf, option } from '@card/app-kit'

/** Options of the section Service. */
export const serviceOptions = {
  http: option(
    'Service',
    'HOST:PORT',
    listenAddress,
    'serve /metrics (Prometheus), /livez, /readyz and /version here (127.0.0.1:9464); /readyz answers 503 and the reason while no broker answers, no partition is assigned, or everything read so far was rejected',
  ),
  'log-level': option(
    'Service',
    'LEVEL',
    oneOf('silent', 'error', 'warn', 'info', 'debug'),
    'what is logged on stderr',
    'info',
  ),
  'log-format': option(
    'Service',
    'FORMAT',
    oneOf('json', 'text'),
    'json: one object per line, also for the warnings, sums and errors of a run over files or stdin, which are otherwise text; text: for people. Default: text on a terminal, otherwise json',
  ),
}
