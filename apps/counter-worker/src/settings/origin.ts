/** Where a value came from. */
export interface Origin {
  readonly kind: 'flag' | 'variable' | 'file' | 'default'
  /** `--windows`, `CARD_WINDOWS`, the path of the file, or `default`. */
  readonly name: string
}
