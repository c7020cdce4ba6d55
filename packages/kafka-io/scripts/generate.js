import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { embedWasm } from '@card/assembly'

await embedWasm({
  folder: join(dirname(fileURLToPath(import.meta.url)), '..'),
  entry: 'kernel.ts',
  target: 'src/wasm/kernel-wasm.generated.ts',
  name: 'kernelWasm',
})
