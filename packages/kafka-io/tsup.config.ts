import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    compression: 'src/codecs/compressors.ts',
    zstd: 'src/codecs/zstd-decoder.ts',
  },
  format: ['esm', 'cjs'],
  target: 'es2022',
  dts: true,
  sourcemap: true,
  clean: true,
  // One class of errors for all entries, also in CommonJS.
  splitting: true,
  // For import.meta.url in the CommonJS form.
  shims: true,
})
