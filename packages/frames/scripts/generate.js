import { embedWasm } from '@card/assembly'
import { assembly } from './assembly.js'

await embedWasm({
  ...assembly,
  target: 'src/scanner/scanner-wasm.generated.ts',
  name: 'scannerWasm',
  sharable: true,
})
