import { checkBytes, shown } from './arguments.js'
import { FramesError } from './errors.js'
import type { FrameOptions } from './frame/options.js'
import { FrameReader } from './frame-reader.js'

/** A stream of the web: what a file's `stream()`, a response's `body` and `Readable.toWeb` are. */
export interface ByteStream {
  getReader(): {
    read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>
    cancel(reason?: unknown): Promise<unknown>
    releaseLock(): void
  }
}

/** Chunks of bytes: a stream of Node or of the web, or any other iterable. */
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array> | ByteStream

/**
 * Reads a stream of JSON lines, batch by batch:
 *
 * ```
 * for await (const { columns, groups } of readFrames(stream, options)) use(columns)
 * ```
 *
 * Each batch is the same reader with other rows in its columns, so nothing of it may be kept. The stream
 * is read no faster than the batches are taken, and released (its iterator returned, its reader cancelled) when the
 * loop is left early.
 *
 * @param reader options for a reader of the stream's own; or a reader, which has to be drained, and whose sums go on
 * @throws {FramesError} `bad-option`; `bad-argument` where the stream is none, or a chunk is no bytes
 */
export async function* readFrames(
  stream: ByteSource,
  reader: FrameReader | FrameOptions,
): AsyncGenerator<FrameReader, void, undefined> {
  const frames = reader instanceof FrameReader ? reader : new FrameReader(reader)
  for await (const chunk of chunksOf(stream)) {
    checkBytes('readFrames', chunk)
    for (let rest = chunk; rest.length > 0; ) {
      rest = rest.subarray(frames.write(rest))
      while (frames.next()) yield frames
    }
  }
  frames.endOfSource()
  while (frames.next()) yield frames
}

function chunksOf(stream: ByteSource): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (typeof stream === 'object' && stream !== null) {
    if (Symbol.asyncIterator in stream || Symbol.iterator in stream) return stream
    // Not every browser iterates over streams.
    if (typeof stream.getReader === 'function') return readWhole(stream)
  }
  throw new FramesError(
    'bad-argument',
    `readFrames: expected a stream or another iterable of bytes, found ${shown(stream)}`,
  )
}

async function* readWhole(stream: ByteStream): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader()
  let isDone = false
  try {
    while (!isDone) {
      const { done, value } = await reader.read()
      isDone = done
      if (value !== undefined) yield value
    }
  } finally {
    if (!isDone) await reader.cancel()
    reader.releaseLock()
  }
}
