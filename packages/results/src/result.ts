/** The confidence of `lower` and `upper` in every result: the two-sigma bounds. */
export const confidence = 0.95

/** In the order in which they follow each other: provisional, complete, changed after that. */
export const panes = ['early', 'final', 'corrected'] as const

/** `early`: provisional; `final`: the watermark passed the end; `corrected`: a late frame changed a final result. */
export type PaneName = (typeof panes)[number]

/** What counts under every setting; `events` where there is no key, so that only events are counted. */
export const estimators = ['exact', 'linear', 'hll', 'ull', 'events'] as const

/** What counted the users of a window. */
export type EstimatorName = (typeof estimators)[number]

/** What names a result, whatever its revision. */
export interface ResultName {
  /** The size or rolling view as typed, such as `1m` or `30d/1d`. */
  readonly window: string
  /** First instant of the window, ms since the epoch. */
  readonly start: number
  /** The value of the group; null: missing or null in the frames, or this is a total. */
  readonly group: string | null
  /** Present in the row that counts every group of its window together. */
  readonly total?: true
}

/** One published revision of the count of a window and group. */
export interface Result extends ResultName {
  /** First instant after the window, ms since the epoch. */
  readonly end: number
  /** Distinct users: a whole number, at most `events`. */
  readonly count: number
  /** At most `count`. */
  readonly lower: number
  /** At least `count` and at most `events`; null: no bound is known, since the bitmap of linear counting is full. */
  readonly upper: number | null
  readonly estimator: EstimatorName
  readonly events: number
  readonly pane: PaneName
  /** Counts up from 0 for one (window, start, group); the highest is the truth. */
  readonly revision: number
  /** Base64 of the canonical HLL_8 image, where sketches were asked for. */
  readonly sketch?: string
}
