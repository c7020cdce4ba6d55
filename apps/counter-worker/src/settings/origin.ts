/** Where a value came from. */
export interface Origin {
  readonly kind: 'flag' | 'variable' | 'file' | 'default'
  /** `--windows`, `CARD_WINDOWS`, the path of the file, or `default`. */
  readonly name: string
}

/** The higher the number, the further a source goes before others. */
export const rankOf: Readonly<Record<Origin['kind'], number>> = { default: 0, file: 1, variable: 2, flag: 3 }

/** An origin as a person is told of it. */
export function sourceOf({ kind, name }: Origin): string {
  return kind === 'file' ? `file ${name}` : name
}
