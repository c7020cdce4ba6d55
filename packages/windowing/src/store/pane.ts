/** `early`: provisional, before the window's end; `final`: the watermark passed the end; `corrected`: it changed after that, or began after that. */
export type PaneKind = 'early' | 'final' | 'corrected'

/** One result of one window and group. A later pane replaces an earlier one; the highest revision is the truth. */
export interface Pane<S> {
  readonly kind: PaneKind
  /** the name of the size */
  readonly window: string
  /** position of the size in the plan, finer first */
  readonly size: number
  /** first ms of the window */
  readonly start: number
  /** first ms after the window */
  readonly end: number
  /** id of the group, 0: the null group */
  readonly group: number
  /** counts from 0 for one (window, start, group) over all kinds */
  readonly revision: number
  /** events so far */
  readonly events: number
  /** events since the pane before; of a rolling view, which does not keep that, all of them */
  readonly added: number
  /** the live state, to be read before the next call of the engine and not to be kept or changed */
  readonly state: S
  /** nothing can follow */
  readonly last: boolean
  /** the combined watermark, in ms */
  readonly watermark: number
}
