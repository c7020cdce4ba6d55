import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'

/**
 * Runs a block of a package's README as a program of its own, importing the package from its sources.
 *
 * @param packageFolder the package's folder; its dependencies resolve from there
 * @returns what the program printed
 * @throws Error with what it printed on stderr when it does not end with 0
 */
export async function runCodeBlock(packageFolder: string, code: string): Promise<string> {
  const cache = join(packageFolder, 'node_modules', '.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'readme-'))
  try {
    const outfile = join(folder, 'block.mjs')
    await build({
      stdin: { contents: code, loader: 'ts', resolveDir: packageFolder },
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      conditions: ['@card/source'],
      plugins: [
        {
          name: 'dependencies-stay-outside',
          setup(pluginBuild) {
            pluginBuild.onResolve({ filter: /^[^./]/ }, ({ path }) =>
              path.startsWith('@card/') ? null : { external: true },
            )
          },
        },
      ],
    })
    const { stdout } = await promisify(execFile)(process.execPath, [outfile])
    return stdout
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
