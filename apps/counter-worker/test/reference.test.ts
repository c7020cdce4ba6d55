import { expect, test } from 'vitest'
import { type MetricEntry, metricTable } from '../src/http/metric-table.js'
import { optionNames, optionTable, variableOf } from '../src/settings/option-table.js'

/** The reference page, made from the option table; `vitest run -u` writes it anew. */
function reference(): string {
  const lines = [
    '# Settings of counter-worker',
    '',
    'A flag goes before its variable, a variable before the key of the file that `--config` (or `CARD_CONFIG`) names, the',
    'file before the default. In a file the input files are the list `files`.',
    '',
    'Of settings that exclude each other (`--error` and `--precision`, input files and `--brokers`, `--out-topic` and',
    '`--format`), or of which one leaves no meaning to the other (`--estimator hll` to `expected`), the one from the higher',
    'source is taken and the other stands at its default: a flag is enough to use a file otherwise. What came from one source',
    'is refused with the reason. `counter-worker config` says where each value came from and what was overridden:',
    '',
    '```',
    'error: "1" # --error',
    'precision: "14" # default; --error overrode file worker.yaml: precision',
    '```',
    '',
    'This page is made from the tables of settings and metrics.',
  ]
  const sections = [...new Set(optionNames.map((name) => optionTable[name].section))]
  for (const section of sections) {
    lines.push('', `## ${section}`, '', '| flag | variable | default | |', '|---|---|---|---|')
    for (const name of optionNames) {
      const { argument, fallback, help, section: own } = optionTable[name]
      if (own !== section) continue
      const flag = argument === null ? `--${name}` : `--${name} ${argument.replaceAll('|', '\\|')}`
      lines.push(`| \`${flag}\` | \`${variableOf(name)}\` | ${fallback ?? ''} | ${help} |`)
    }
  }
  lines.push('', '## Metrics', '', 'Served at `/metrics` where `--http` is given.', '')
  lines.push('| metric | type | labels | |', '|---|---|---|---|')
  for (const [name, { type, labels, help }] of Object.entries<MetricEntry>(metricTable)) {
    lines.push(`| \`${name}\` | ${type} | ${labels.join(', ')} | ${help} |`)
  }
  return `${lines.join('\n')}\n`
}

test('the reference page is what the option table says', async () => {
  await expect(reference()).toMatchFileSnapshot('../../../docs/counter-worker-settings.md')
})
