import { oneOf, option, percentage, wholeNumber } from '@card/app-kit'

/** Options of the section Counting. */
export const countingOptions = {
  estimator: option(
    'Counting',
    'KIND',
    oneOf('auto', 'exact', 'linear', 'hll', 'ull'),
    'auto: exact up to --exact-limit users a window, then hll; exact: 128-bit fingerprints; linear: a bitmap for --expected users; hll: HyperLogLog; ull: UltraLogLog',
    'auto',
  ),
  'exact-limit': option(
    'Counting',
    'N',
    wholeNumber(1, 100_000_000),
    'with auto: up to this many users of a window are counted exactly',
    '65536',
  ),
  precision: option(
    'Counting',
    'P',
    wholeNumber(3, 26),
    'a sketch has 2^P registers of a byte: standard error 1.04/sqrt(2^P) with hll (4 to 21; 14: .81 %), .76/sqrt(2^P) with ull (3 to 26; 13: .84 %)',
    '14',
  ),
  error: option(
    'Counting',
    'PERCENT',
    percentage(0.001, 50),
    'instead of --precision: the smallest sketch, or bitmap for --expected users, with this standard error (linear: 1 unless given)',
  ),
  expected: option(
    'Counting',
    'N',
    wholeNumber(1, 10_000_000_000),
    'the most users expected in one window: sizes the bitmap of --estimator linear, which requires it; far more users fill the bitmap, and then upper is null (no bound)',
  ),
}
