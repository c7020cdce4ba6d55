/** What is saved with a step. */
export interface StepOptions {
  /** Save the whole state, so that the store can drop all earlier blocks. Default: only what changed since the last step. */
  readonly whole?: boolean
}

/** How a state is restored. */
export interface RestoreOptions {
  /** False: later steps go to another store, so the first of them must be whole. Default true. */
  readonly saved?: boolean
}
