/** Where a value comes from. Of the sources of one option, a flag takes precedence over a variable, and that over a file. */
export interface Origin {
  readonly kind: 'flag' | 'variable' | 'file' | 'default'
  /** `--windows`, `CARD_WINDOWS`, `worker.yaml: windows`, or `default`. */
  readonly name: string
}

export const byDefault: Origin = { kind: 'default', name: 'default' }

/** An origin as a person reads it behind a value. */
export function sourceOf({ kind, name }: Origin): string {
  return kind === 'file' ? `file ${name}` : name
}
