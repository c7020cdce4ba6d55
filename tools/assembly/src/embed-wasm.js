import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Compiles `assembly/` of a package to WebAssembly and writes it in base64 to a source of the package, the same bytes
 * each time. Does nothing where that source comes from these very files.
 *
 * @param {object} options
 * @param {string} options.folder the package
 * @param {string} options.entry the file in `assembly/` whose exports are the module's
 * @param {string} options.target the generated source, below `folder`
 * @param {string} options.name the constant in it
 * @param {string[]} [options.flags] of the compiler, besides those that every module has
 */
export async function embedWasm({ folder, entry, target, name, flags = [] }) {
  const own = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const hash = createHash('sha256').update(`${own.dependencies.assemblyscript} ${entry} ${name} ${flags}\n`)
  hash.update(readFileSync(fileURLToPath(import.meta.url)))
  for (const file of readdirSync(join(folder, 'assembly')).sort()) {
    hash.update(`${file}\n`).update(readFileSync(join(folder, 'assembly', file)))
  }
  const firstLine = `// assembly/ compiled, in base64; sources ${hash.digest('hex')}`
  const path = join(folder, target)
  if (existsSync(path) && readFileSync(path, 'utf8').startsWith(`${firstLine}\n`)) return
  const wasm = Buffer.from(await compile(folder, entry, flags)).toString('base64')
  // Renamed, so that whoever reads it meanwhile sees a whole file.
  const unfinished = `${path}.${process.pid}`
  writeFileSync(unfinished, `${firstLine}\nexport const ${name} =\n  '${wasm}'\n`)
  renameSync(unfinished, path)
}

/**
 * @param {string} folder
 * @param {string} entry
 * @param {string[]} flags
 * @returns {Promise<Uint8Array>} the module
 */
async function compile(folder, entry, flags) {
  const { default: asc } = await import('assemblyscript/asc')
  /** @type {Uint8Array | undefined} */
  let wasm
  const { error, stderr } = await asc.main(
    [
      `assembly/${entry}`,
      ...['--outFile', 'module.wasm', '--baseDir', folder, '--disableWarning', 'AS112'],
      ...['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--use', 'abort=', ...flags],
    ],
    {
      readFile: (name, base) => {
        const path = join(base, name)
        return existsSync(path) ? readFileSync(path, 'utf8') : null
      },
      writeFile: (_name, contents) => {
        wasm = /** @type {Uint8Array} */ (contents)
      },
    },
  )
  if (error !== null || wasm === undefined) {
    process.stderr.write(`${stderr}\n`)
    throw error ?? new Error('The compiler wrote nothing.')
  }
  return wasm
}
