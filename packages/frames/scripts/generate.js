// Compiles assembly/ to WebAssembly and writes it as base64 to src/scanner-wasm.generated.ts, the same bytes each
// time. Does nothing where that file comes from these very sources.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..')
const target = join(folder, 'src', 'scanner-wasm.generated.ts')

const { devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
const hash = createHash('sha256').update(`assemblyscript ${devDependencies.assemblyscript}\n`)
hash.update(readFileSync(fileURLToPath(import.meta.url)))
for (const name of readdirSync(join(folder, 'assembly')).sort()) {
  hash.update(`${name}\n`).update(readFileSync(join(folder, 'assembly', name)))
}
const firstLine = `// assembly/ compiled, in base64; sources ${hash.digest('hex')}`

if (!existsSync(target) || !readFileSync(target, 'utf8').startsWith(`${firstLine}\n`)) {
  const wasm = Buffer.from(await compile())
  const shared = Buffer.from(await compile('--sharedMemory', '--enable', 'threads'))
  const sharedAt = wasm.findIndex((byte, i) => byte !== shared[i])
  if (
    wasm[sharedAt] !== 1 ||
    shared[sharedAt] !== 3 ||
    !wasm.subarray(sharedAt + 1).equals(shared.subarray(sharedAt + 1))
  ) {
    throw new Error(
      'Expected the module for shared memory to differ in one byte, the flags of its memory import.',
    )
  }
  // Renamed, so that whoever reads it meanwhile sees a whole file.
  const unfinished = `${target}.${process.pid}`
  const flag = `/** Where its memory import says 1, a limit; 3 is a limit and shared memory. */\nexport const memoryFlagAt = ${sharedAt}`
  writeFileSync(
    unfinished,
    `${firstLine}\nexport const scannerWasm =\n  '${wasm.toString('base64')}'\n${flag}\n`,
  )
  renameSync(unfinished, target)
}

/**
 * @param {...string} flags
 * @returns {Promise<Uint8Array>} the module
 */
async function compile(...flags) {
  const { default: asc } = await import('assemblyscript/asc')
  let wasm
  const { error, stderr } = await asc.main(
    [
      'assembly/scan.ts',
      ...['--outFile', 'scan.wasm', '--baseDir', folder, '--disableWarning', 'AS112'],
      ...['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--importMemory', '--use', 'abort='],
      ...['--maximumMemory', '65536', ...flags],
    ],
    {
      readFile: (name, base) => {
        const path = join(base, name)
        return existsSync(path) ? readFileSync(path, 'utf8') : null
      },
      writeFile: (_name, contents) => {
        wasm = contents
      },
    },
  )
  if (error !== null || wasm === undefined) {
    process.stderr.write(`${stderr}\n`)
    throw error ?? new Error('The compiler wrote nothing.')
  }
  return wasm
}
