import type { OptionValues } from './option-table.js'

type Named = Pick<OptionValues, 'state' | 'group' | 'checkpoint-interval'>

/** The name that a run keeps its state under; null: it keeps none. */
export function stateName(values: Named): string | null {
  return values['checkpoint-interval'] === null ? null : (values.state ?? values.group)
}

/** The consumer group that a run joins; null: it reads every partition. */
export function groupOf({ group, state }: Named): string | null {
  return group ?? state
}
