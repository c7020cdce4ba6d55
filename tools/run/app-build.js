import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'

/**
 * How the apps are built, in their own folders.
 *
 * @param {Record<string, string>} entry the files of dist/ by name, and the sources that they are made of. What an entry
 *   imports dynamically stays a file of its own if it is an entry too, so that a start that has no use for it does not
 *   parse it: the files share no code, and each has its own copy of every class
 * @returns {import('tsup').Options}
 */
export function appBuild(entry) {
  return {
    entry,
    // One file of CommonJS starts in two thirds of the time that modules take to be found, linked and loaded.
    format: ['cjs'],
    outExtension: () => ({ js: '.js' }),
    onSuccess: () => writeFile('dist/package.json', '{ "type": "commonjs" }\n'),
    shims: true,
    target: 'node20',
    platform: 'node',
    sourcemap: true,
    minifySyntax: true,
    minifyWhitespace: true,
    clean: true,
    // The rooms are built into the app from their sources, and what every start reads; the rest stays a dependency.
    noExternal: [/^@card\//, 'commander'],
    esbuildPlugins: [separateEntries(Object.keys(entry))],
    esbuildOptions(options) {
      options.conditions = ['@card/source']
    },
  }
}

/**
 * @param {string[]} names of the entries
 * @returns {NonNullable<import('tsup').Options['esbuildPlugins']>[number]}
 */
function separateEntries(names) {
  return {
    name: 'separate-entries',
    setup(build) {
      build.onResolve({ filter: /^\.{1,2}\// }, ({ kind, path }) => {
        const isEntry = kind === 'dynamic-import' && names.includes(basename(path, '.js'))
        return isEntry ? { path: `./${basename(path)}`, external: true } : undefined
      })
    },
  }
}
