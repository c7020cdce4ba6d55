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
 * @param {number} [options.mostBytes] a larger module is an error
 * @param {boolean} [options.sharable] the module imports its memory, which may be shared between threads: the
 *   generated source also says which byte of the module makes it so
 */
export async function embedWasm({
  folder,
  entry,
  target,
  name,
  flags = [],
  mostBytes = Number.POSITIVE_INFINITY,
  sharable = false,
}) {
  const own = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const hash = createHash('sha256').update(
    `${own.dependencies.assemblyscript} ${entry} ${name} ${flags} ${sharable}\n`,
  )
  hash.update(readFileSync(fileURLToPath(import.meta.url)))
  for (const file of readdirSync(join(folder, 'assembly')).sort()) {
    hash.update(`${file}\n`).update(readFileSync(join(folder, 'assembly', file)))
  }
  const firstLine = `// assembly/ compiled, in base64; sources ${hash.digest('hex')}`
  const path = join(folder, target)
  if (existsSync(path) && readFileSync(path, 'utf8').startsWith(`${firstLine}\n`)) return
  const wasm = Buffer.from(await compileAssembly({ folder, entry, flags }))
  if (wasm.length > mostBytes) {
    throw new Error(`expected a module of at most ${mostBytes} bytes, found ${wasm.length}`)
  }
  const constants = [`export const ${name} =\n  '${wasm.toString('base64')}'`]
  if (sharable) {
    const sharing = [...flags, '--sharedMemory', '--enable', 'threads']
    const shared = await compileAssembly({ folder, entry, flags: sharing })
    constants.push('/** Where its memory import says 1, a limit; 3 is a limit and shared memory. */')
    constants.push(`export const memoryFlagAt = ${memoryFlagOf(wasm, shared)}`)
  }
  // Renamed, so that whoever reads it meanwhile sees a whole file.
  const unfinished = `${path}.${process.pid}`
  writeFileSync(unfinished, `${firstLine}\n${constants.join('\n')}\n`)
  renameSync(unfinished, path)
}

/**
 * @param {Uint8Array} wasm
 * @param {Uint8Array} shared the same module for shared memory
 * @returns {number} the byte that tells them apart
 */
function memoryFlagOf(wasm, shared) {
  const differing = [...wasm.keys()].filter((i) => wasm[i] !== shared[i])
  const at = differing[0]
  const isFlag = wasm.length === shared.length && differing.length === 1
  if (at === undefined || !isFlag || wasm[at] !== 1 || shared[at] !== 3) {
    throw new Error(
      'Expected the module for shared memory to differ in one byte, the flags of its memory import.',
    )
  }
  return at
}

/**
 * Compiles `assembly/` of a package: the same sources give the same bytes.
 *
 * @param {object} options
 * @param {string} options.folder the package
 * @param {string} options.entry the file in `assembly/` whose exports are the module's
 * @param {string[]} [options.flags] of the compiler, besides those that every module has
 * @param {number} [options.level] how much is optimized, 0 to 3
 * @param {Readonly<Record<string, string>>} [options.changed] texts of sources by their name in `assembly/`, instead of
 *   what is there
 * @returns {Promise<Uint8Array>} the module
 */
export async function compileAssembly({ folder, entry, flags = [], level = 3, changed = {} }) {
  const { default: asc } = await import('assemblyscript/asc')
  /** @type {Uint8Array | undefined} */
  let wasm
  const { error, stderr } = await asc.main(
    [
      `assembly/${entry}`,
      ...['--outFile', 'module.wasm', '--baseDir', folder, '--disableWarning', 'AS112'],
      ...['--optimizeLevel', `${level}`, '--noAssert', '--runtime', 'stub', '--enable', 'simd'],
      ...['--use', 'abort=', ...flags],
    ],
    {
      readFile: (name, base) => {
        const path = join(base, name)
        return (
          changed[name.replace(/^assembly\//, '')] ?? (existsSync(path) ? readFileSync(path, 'utf8') : null)
        )
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
