import { expect, test } from 'vitest'
import { optionNames, optionTable, variableOf } from '../src/settings/option-table.js'

/** The reference page, made from the option table; `vitest run -u` writes it anew. */
function reference(): string {
  const lines = [
    '# Settings of counter-worker',
    '',
    'A flag goes before its variable, a variable before the key of the file that `--config` (or `CARD_CONFIG`) names, the',
    'file before the default. In a file the input files are the list `files`. This page is made from the table of settings.',
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
  return `${lines.join('\n')}\n`
}

test('the reference page is what the option table says', async () => {
  await expect(reference()).toMatchFileSnapshot('../../../docs/counter-worker-settings.md')
})
