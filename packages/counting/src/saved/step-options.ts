/** What is saved with a step. */
export interface StepOptions {
  /** All of the state, so that a store can give up all blocks before; default: what changed since the step before. */
  readonly whole?: boolean
}

/** How a state is restored. */
export interface RestoreOptions {
  /** False: it goes on in another store, whose first step is to be whole. Default true. */
  readonly saved?: boolean
}
