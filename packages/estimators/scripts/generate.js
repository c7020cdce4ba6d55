// Compiles assembly/ and embeds the module as base64: bundlers and browsers need no loader for it.
// With --if-stale nothing is done when what was made is newer than what it is made from.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..')
const target = join(folder, 'src', 'hash', 'murmur3-wasm.generated.ts')
const mostBytes = 2048

const changed = (path) => statSync(path).mtimeMs
const sources = [fileURLToPath(import.meta.url), join(folder, 'assembly', 'murmur3.ts')]
const isFresh = existsSync(target) && sources.every((source) => changed(source) <= changed(target))

if (!process.argv.includes('--if-stale') || !isFresh) {
  const { main } = await import('assemblyscript/asc')
  let binary
  const { error, stderr } = await main(
    [
      'murmur3.ts',
      '-O3',
      '--converge',
      '--runtime',
      'stub',
      '--noAssert',
      '--initialMemory',
      '2',
      '--maximumMemory',
      '2',
      '--outFile',
      'murmur3.wasm',
    ],
    {
      readFile: (name, base) => {
        const path = join(base ?? '', name)
        const at = join(folder, 'assembly', path)
        return existsSync(at) ? readFileSync(at, 'utf8') : null
      },
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) binary = contents
      },
      listFiles: () => [],
    },
  )
  if (error) throw new Error(`assembly/murmur3.ts does not compile: ${stderr.toString()}`, { cause: error })
  if (binary.length > mostBytes)
    throw new Error(`expected a module of at most ${mostBytes} bytes, found ${binary.length}`)
  const text = `/** The WebAssembly form of MurmurHash3 x64_128, ${binary.length} bytes, made from assembly/murmur3.ts. */\nexport const murmur3Wasm =\n  '${Buffer.from(binary).toString('base64')}'\n`
  writeFileSync(target, text)
}
