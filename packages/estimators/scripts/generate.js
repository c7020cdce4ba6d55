import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { embedWasm } from '@card/assembly'

await embedWasm({
  folder: join(dirname(fileURLToPath(import.meta.url)), '..'),
  entry: 'murmur3.ts',
  target: 'src/hash/murmur3-wasm.generated.ts',
  name: 'murmur3Wasm',
  flags: ['--converge', '--initialMemory', '2', '--maximumMemory', '2'],
  mostBytes: 2048,
})
