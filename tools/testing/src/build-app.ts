import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

/**
 * Bundles an app's `src/main.ts` and the sources of the rooms it uses into one file that Node runs,
 * so that tests start the real program without a build.
 *
 * @param appFolder the app's folder (holding package.json and src/)
 * @returns the path of the program, in the app's own `node_modules/.cache` (so its dependencies resolve)
 */
export async function buildApp(appFolder: string): Promise<string> {
  const folder = join(appFolder, 'node_modules', '.cache', 'card-tests')
  mkdirSync(folder, { recursive: true })
  const outfile = join(
    folder,
    `${createHash('sha1').update(String(process.pid)).digest('hex').slice(0, 8)}.mjs`,
  )
  await build({
    entryPoints: [join(appFolder, 'src', 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'inline',
    conditions: ['@card/source'],
    plugins: [
      {
        name: 'dependencies-stay-outside',
        setup(pluginBuild) {
          pluginBuild.onResolve({ filter: /^[^./]/ }, (args) =>
            args.kind === 'entry-point' || args.path.startsWith('@card/') ? null : { external: true },
          )
        },
      },
    ],
  })
  return outfile
}
