import { type Option, variableOf } from '@card/app-kit'
import { expect, test } from 'vitest'
import { type MetricEntry, metricTable } from '../src/http/metric-table.js'
import { optionTable } from '../src/settings/option-table.js'

/** The reference page, made from the option table; `vitest run -u` writes it anew. */
function reference(): string {
  const lines = [
    '# Settings of counter-worker',
    '',
    'A flag takes precedence over its variable, a variable over the key of the file that `--config` (or `CARD_CONFIG`) names,',
    'and the file over the default. In a file, `files` lists the input files. Only the value that takes effect is checked: a flag',
    'overrides even an invalid value in a variable or the file. A switch that a variable or the file turns on is turned off by its',
    '`--no-` flag: `--no-print`.',
    '',
    'Options that exclude each other (`--error` and `--precision`, input files and `--brokers`), or of which one makes the other',
    'meaningless (`--estimator hll` and `--expected`), are refused whatever their sources; the message names both. The exit code is',
    '64 if one of them is a flag, otherwise 78. A variable or a file that merely repeats a default excludes nothing, so the output',
    'of `counter-worker config`, which names the source of each value, can be used as a file together with any flag.',
    '',
    'This page is generated from the tables of settings and metrics.',
  ]
  const options = Object.entries<Option<unknown>>(optionTable)
  const sections = new Set(options.map(([, { section }]) => section))
  for (const section of sections) {
    lines.push('', `## ${section}`, '', '| flag | variable | default | |', '|---|---|---|---|')
    for (const [name, { argument, fallback, help, section: own }] of options) {
      if (own !== section) continue
      const flag = argument === null ? `--${name}` : `--${name} ${argument.replaceAll('|', '\\|')}`
      lines.push(`| \`${flag}\` | \`${variableOf('CARD_', name)}\` | ${fallback ?? ''} | ${help} |`)
    }
  }
  lines.push('', '## Metrics', '', 'Served at `/metrics` when `--http` is given.', '')
  lines.push('| metric | type | labels | |', '|---|---|---|---|')
  for (const [name, { type, labels, help }] of Object.entries<MetricEntry>(metricTable)) {
    lines.push(`| \`${name}\` | ${type} | ${labels.join(', ')} | ${help} |`)
  }
  return `${lines.join('\n')}\n`
}

test('the reference page is what the option table says', async () => {
  await expect(reference()).toMatchFileSnapshot('../../../docs/counter-worker-settings.md')
})
