/** The seed of every hash that counters see, as in Apache DataSketches. */
export const defaultSeed = 9001
