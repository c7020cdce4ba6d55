/** A number and what it counts, in the singular where it is one: `1 line`, `1,234 lines`. */
export function quantity(count: number, singular: string, plural = `${singular}s`): string {
  return `${withCommas(count)} ${count === 1 ? singular : plural}`
}

/** With commas between thousands; by Intl the first number of a process takes 13 ms. */
export function withCommas(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',')
}
