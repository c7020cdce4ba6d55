/** What became of a line: counted, or the first reason of rejection that applies, in this order. */
export const FrameStatus = {
  counted: 0,
  tooLong: 1,
  notJson: 2,
  notObject: 3,
  missingTime: 4,
  badTime: 5,
  missingKey: 6,
  badKey: 7,
  badGroup: 8,
} as const

/** The names of the statuses as users read them: `rejectionReasons[FrameStatus.badTime]` is `'bad-time'`. */
export const rejectionReasons: readonly string[] = [
  'counted',
  'too-long',
  'not-json',
  'not-object',
  'missing-time',
  'bad-time',
  'missing-key',
  'bad-key',
  'bad-group',
]
