// Gregorian dates as day numbers since 1970-01-01, after Howard Hinnant, "chrono-Compatible Low-Level Date
// Algorithms": years begin on 1 March, so that the leap day is the last of its year, in eras of 400 years.

/** The day number of a date. `month` counts from 1 and may run over (13 is January of the next year). */
export function dayOf(year: number, month: number, day: number): number {
  const months = year * 12 + month - 3
  const y = Math.floor(months / 12)
  const m = months - y * 12
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * m + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** The months since year 0 of the month that holds a day: `year * 12 + month - 1`. */
export function monthOf(day: number): number {
  const z = day + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const m = Math.floor((5 * dayOfYear + 2) / 153)
  return (yearOfEra + era * 400) * 12 + m + 2
}
