import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { main: 'src/main.ts', 'scan-thread': 'src/threads/scan-thread.ts' },
  format: ['esm'],
  target: 'node20',
  platform: 'node',
  sourcemap: true,
  clean: true,
  // The rooms are built into the app from their sources; everything else stays a dependency.
  noExternal: [/^@card\//],
  esbuildOptions(options) {
    options.conditions = ['@card/source']
  },
})
