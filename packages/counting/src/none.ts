/** What a step holds where nothing has come: never the array that is being filled, for a step is a value. */
export const none: readonly never[] = []
