import type { Forgotten } from '@card/windowing'
import type { BlockPlace } from './block-format.js'
import type { BlockKind } from './write-blocks.js'

/** Names the window, step or view that blocks belong to. It is dropped as a whole. */
export function placeKey(kind: BlockKind, { of, start, end }: BlockPlace): string {
  if (kind === 'revisions') return `revisions ${end} ${of}`
  return `${kind === 'cells' || kind === 'cell-part' ? 'window' : 'step'} ${start} ${of}`
}

/** The same key, of what was dropped. */
export function forgottenKey({ what, of, at }: Forgotten): string {
  return `${what} ${at} ${of}`
}
