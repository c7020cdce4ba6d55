import { type Environment, type GivenFlags, type Settled, settle } from '@card/app-kit'
import { crossChecks } from './cross-checks.js'
import { optionTable } from './option-table.js'

/** The effective settings of a run; its files are the inputs, `-` being stdin, and none where topics are read. */
export type Settings = Settled<typeof optionTable>

const variables = {
  prefix: 'CARD_',
  // Those of the project's other apps, tools and tests; and login and TLS of the brokers, as in --kafka-config.
  foreign:
    /^CARD_((PRODUCER|DASHBOARD|TEST|BENCH|CI)_.*|HTTP_TOKEN|FIXTURES|KAFKA_(CACHE|DATA|TLS(_CA|_CERTIFICATE|_KEY|_PASSPHRASE)?|SASL_(MECHANISM|USERNAME|PASSWORD|PASSWORD_FILE)))$/,
}

/**
 * The settings that flags, environment, configuration file and defaults give.
 *
 * @throws ExitError with every problem at once; 64 when a flag is among them, otherwise 78
 */
export function readSettings(given: GivenFlags, environment: Environment): Settings {
  const settings = settle(optionTable, { given, environment, variables }, crossChecks)
  // Without any, a run reads stdin.
  const files = settings.values.brokers === null && settings.files.length === 0 ? ['-'] : settings.files
  return settings.values.brokers === null ? { ...settings, files } : { ...settings, files: [] }
}
