import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

/** What an app's threads run, bundled beside its main program as they are when it is built. */
const threadPrograms = ['src/threads/scan-thread.ts']

/** The rooms, and what an app itself does not depend on. */
function isBundled(path: string): boolean {
  return path.startsWith('@card/') || path === 'commander'
}

/**
 * Bundles an app's `src/main.ts` and the sources of the rooms it uses into one file of CommonJS that Node runs, as its
 * tsup.config.ts does, so that tests start the real program without a build.
 *
 * @param appFolder the app's folder (holding package.json and src/)
 * @returns the path of the program, in the app's own `node_modules/.cache` (so its dependencies resolve)
 */
export async function buildApp(appFolder: string): Promise<string> {
  const run = createHash('sha1').update(String(process.pid)).digest('hex').slice(0, 8)
  const folder = join(appFolder, 'node_modules', '.cache', 'card-tests', run)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}')
  const programs = ['src/main.ts', ...threadPrograms].map((path) => join(appFolder, path))
  await build({
    entryPoints: programs.filter((path) => existsSync(path)),
    outdir: folder,
    entryNames: '[name]',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // As tsup's shims have it.
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href' },
    conditions: ['@card/source'],
    plugins: [
      {
        name: 'dependencies-stay-outside',
        setup(pluginBuild) {
          pluginBuild.onResolve({ filter: /^[^./]/ }, (args) =>
            args.kind === 'entry-point' || isBundled(args.path) ? null : { external: true },
          )
        },
      },
    ],
  })
  return join(folder, 'main.js')
}
