import { writeFile } from 'node:fs/promises'

/**
 * How the apps are built, in their own folders.
 *
 * @param {Record<string, string>} entry the files of dist/ by name, and the sources that they are made of
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
    esbuildOptions(options) {
      options.conditions = ['@card/source']
    },
  }
}
