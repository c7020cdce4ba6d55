import { anyBut, misuseContract, type Parameter } from '@card/testing/misuse-contract'
import * as api from '../src/index.js'
import { userSets } from './user-set.js'

const minute = { name: '1m', length: 60_000 }
const options = { sizes: [minute], aggregate: userSets, totals: true, trackChanges: true, partitions: [0] }
const rowOptions = {
  ...options,
  trackChanges: false,
  add: (users: Set<number>, user: number) => users.add(user),
}
const columns = { time: Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7) }
const engine = () => new api.WindowEngine(options)
const rows = () => new api.RowWindows(rowOptions)
/** One that holds an open window, and an answer whose slot is 0. */
const counted = () => {
  const made = engine()
  made.push(0, columns, 0, 1)
  return made
}
const marks = () => new api.Watermarks([0])
const snapshot = () => counted().snapshot()

const partition: Parameter = { right: () => 0 }
/** A partition that is added when it is new. */
const anyPartition: Parameter = { right: () => 0, takes: ['5', '-1'] }
const time: Parameter = { right: () => 0, takes: ['5', '-1', '1.5', 'Infinity'] }
const slot: Parameter = { right: () => 0 }
const row: Parameter = { right: () => 0, takes: ['5'] }
const group: Parameter = { right: () => 0, takes: ['5'] }
const none: readonly Parameter[] = []
const names: Parameter = { right: () => undefined, takes: ['undefined'] }

function calls(owner: string, on: () => object, methods: Record<string, readonly Parameter[]>) {
  return Object.fromEntries(
    Object.entries(methods).map(([method, parameters]) => [`${owner}#${method}`, { on, parameters }]),
  )
}

misuseContract({
  api,
  refusal: api.WindowingError,
  internal: ['RowWindows#add', 'RowWindows#settle', 'RowWindows#settleAll'],
  calls: {
    WindowEngine: { parameters: [{ right: () => options }] },
    ...calls('WindowEngine', engine, {
      absorb: [
        partition,
        { right: () => 0, takes: ['5', '-1'] },
        group,
        { right: () => new Set(), takes: anyBut() },
        row,
        { right: () => true, takes: ['undefined', 'true'] },
      ],
      active: [partition],
      addPartition: [anyPartition],
      announce: [time, { right: () => null, takes: ['undefined', 'null', 'a function'] }],
      announceInSteps: [time, { right: () => null, takes: ['undefined', 'null', 'a function'] }],
      changes: [{ right: () => ({}), takes: ['undefined', '{}'] }],
      early: none,
      endPartition: [partition],
      flush: none,
      flushHeld: [partition],
      guardFigures: [partition],
      head: [names],
      idle: [partition],
      judgeHeld: none,
      isIdle: [partition],
      isLiveGroup: [group],
      nextAnnouncement: [time],
      observe: [partition, time],
      partitionWatermark: [partition],
      push: [
        partition,
        { right: () => columns },
        { right: () => 0, takes: ['5'] },
        { right: () => 8, takes: ['5'] },
      ],
      // Whatever is not the short way needs `push`, which refuses it.
      pushPlain: [
        { ...partition, takes: anyBut() },
        { ...time, takes: [...time.takes!, 'NaN'] },
        { ...group, takes: anyBut() },
      ],
      quiet: none,
      records: none,
      removePartition: [partition],
      restore: [{ right: snapshot }, names],
      restoreRecords: [{ right: snapshot }, { right: () => [], takes: ['[]'] }, names],
      snapshot: [{ right: () => ({}), takes: ['undefined', '{}'] }],
      takeExpired: none,
      takePanes: none,
      tooFarAhead: [time],
    }),
    ...calls('WindowEngine', counted, { state: [slot], totalState: [slot] }),
    RowWindows: { parameters: [{ right: () => rowOptions }] },
    ...calls('RowWindows', rows, {
      endPartition: [partition],
      flush: none,
      flushHeld: [partition],
      // A number that is no time is data: Outcome.invalid.
      push: [
        partition,
        { ...time, takes: [...time.takes!, 'NaN'] },
        { right: () => 1, takes: anyBut() },
        { ...group, takes: ['undefined', '5'] },
        { right: () => 0, takes: ['undefined', '5', '-1', '1.5', 'NaN', 'Infinity'] },
      ],
      quiet: none,
      takePanes: none,
    }),
    Watermarks: { parameters: [{ right: () => [0], takes: ['undefined', '[]'] }] },
    ...calls('Watermarks', marks, {
      active: [partition],
      add: [anyPartition],
      combine: none,
      ended: [partition],
      finish: none,
      idle: [partition],
      leastOfOthers: [{ right: () => marks().of(0) }],
      observe: [partition, time],
      of: [partition],
      raise: [time],
      remove: [partition],
    }),
    assignerOf: {
      parameters: [
        { right: () => ({ name: 'd', unit: 'day' }) },
        { right: () => 'UTC', takes: ['undefined'] },
      ],
    },
    kafkaStreamsOptions: { parameters: [{ right: () => 0, takes: ['5', '1.5', 'Infinity'] }] },
    rollUpPlan: {
      parameters: [
        { right: () => [minute] },
        { right: () => 'UTC', takes: ['undefined'] },
        { right: () => [], takes: ['undefined', '[]'] },
      ],
    },
    zoneOffset: { parameters: [{ right: () => 'Europe/Berlin' }] },
  },
})
