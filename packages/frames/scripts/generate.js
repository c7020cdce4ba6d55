import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { embedWasm } from '@card/assembly'

await embedWasm({
  folder: join(dirname(fileURLToPath(import.meta.url)), '..'),
  entry: 'scan.ts',
  target: 'src/scanner-wasm.generated.ts',
  name: 'scannerWasm',
  flags: ['--importMemory', '--maximumMemory', '65536'],
  sharable: true,
})
