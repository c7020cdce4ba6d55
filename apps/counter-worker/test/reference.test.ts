import { expect, test } from 'vitest'
import { type MetricEntry, metricTable } from '../src/http/metric-table.js'
import { optionNames, optionTable, variableOf } from '../src/settings/option-table.js'

/** The reference page, made from the option table; `vitest run -u` writes it anew. */
function reference(): string {
  const lines = [
    '# Settings of counter-worker',
    '',
    'A flag goes before its variable, a variable before the key of the file that `--config` (or `CARD_CONFIG`) names, the',
    'file before the default. In a file the input files are the list `files`. This page is made from the tables of settings',
    'and metrics.',
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
