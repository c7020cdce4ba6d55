import { ExitCode, ExitError } from '@card/app-kit'
import type { Step } from '@card/counting'
import { expect, test } from 'vitest'
import type { AskEndsEffect, Effect } from '../src/core/effects.js'
import type { CoreInput } from '../src/core/inputs.js'
import { Shell, type SourceControl } from '../src/shell.js'

const stepOf = (results: number) =>
  ({ results: new Array(results), refused: [], warnings: [], more: false }) as Step

/** A shell over a core that answers with these effects, one list an input, and over outputs that note what happens. */
function shellOver(
  answers: readonly (readonly Effect[])[],
  flush: () => Promise<void> | undefined = () => undefined,
) {
  const inputs: CoreInput[] = []
  const happened: string[] = []
  const note = (what: string) => (partitions: readonly string[]) => happened.push(`${what} ${partitions}`)
  const source: SourceControl = {
    pause: note('pause'),
    resume: note('resume'),
    askEnds: ({ id, partitions }: AskEndsEffect) => happened.push(`ask ${id} ${partitions}`),
    fieldsOf: (partition) => ({ place: partition }),
  }
  const say = (fields: object, message: string) => happened.push(`${message} ${JSON.stringify(fields)}`)
  const shell = new Shell({
    core: {
      handle(input) {
        inputs.push(input)
        return [...(answers[inputs.length - 1] ?? [])]
      },
    },
    writer: { write: ({ results }) => happened.push(`write ${results.length}`) },
    outputs: {
      flush() {
        happened.push('flush')
        return flush()
      },
    },
    log: { info: say, warn: say } as never,
    source,
  })
  return { shell, inputs, happened }
}

const tick: CoreInput = { kind: 'tick', partitions: [] }
const proceed: Effect = { kind: 'continue' }

test('effects are run in order, and the source and the log get what is theirs', async () => {
  const { shell, happened } = shellOver([
    [
      { kind: 'write', step: stepOf(1) },
      { kind: 'pause', partitions: ['t/0', 't/1'] },
      { kind: 'resume', partitions: ['t/2'] },
      { kind: 'ask-ends', id: 7, partitions: ['t/1'] },
      { kind: 'log', level: 'warn', partition: 't/1', fields: { offset: 5 }, message: 'odd' },
      { kind: 'log', level: 'info', partition: null, fields: {}, message: 'well' },
      { kind: 'finish', unfinished: 3 },
    ],
  ])
  await shell.run(tick)
  expect(happened).toEqual([
    'write 1',
    'pause t/0,t/1',
    'resume t/2',
    'ask 7 t/1',
    'odd {"place":"t/1","offset":5}',
    'well {}',
  ])
  expect(shell.unfinished).toBe(3)
})

test('work is continued until nothing is left of it, at once where rows wait', () => {
  const { shell, inputs } = shellOver([[proceed], [proceed], []])
  shell.take(tick)
  expect(inputs.map(({ kind }) => kind)).toEqual(['tick', 'continue', 'continue'])
})

test('outputs are looked at after some thousands of results', async () => {
  const slice: Effect[] = [{ kind: 'write', step: stepOf(2000) }, proceed]
  const { shell, happened } = shellOver([slice, slice, slice, slice, slice, []])
  await shell.run(tick)
  const write = 'write 2000'
  expect(happened).toEqual([write, write, write, 'flush', write, write])
})

test('an output that fails keeps nothing from being written, and is told in the end', async () => {
  const slice: Effect[] = [{ kind: 'write', step: stepOf(5000) }, proceed]
  const full = new ExitError(ExitCode.failed, ['the disk is full'])
  const { shell, happened } = shellOver([slice, slice, slice, []], () => Promise.reject(full))
  await expect(shell.run(tick)).rejects.toMatchObject({ problems: ['the disk is full'] })
  expect(happened).toEqual(['write 5000', 'flush', 'write 5000', 'write 5000'])
})

test('timers have their turn while long work is continued', async () => {
  let hasFired = false
  const shell = new Shell({
    // Goes on until the timer has fired, which it cannot unless it gets a turn.
    core: { handle: () => (hasFired ? [] : [proceed]) },
    writer: { write() {} },
    outputs: { flush: () => undefined },
    log: {} as never,
    source: null,
  })
  setTimeout(() => {
    hasFired = true
  }, 1)
  await shell.run(tick)
  expect(hasFired).toBe(true)
})

test('what only topics have is refused where files are read', () => {
  const shell = new Shell({
    core: { handle: () => [{ kind: 'pause', partitions: ['-'] }] },
    writer: { write() {} },
    outputs: { flush: () => undefined },
    log: {} as never,
    source: null,
  })
  expect(() => shell.take(tick)).toThrow('Expected no pause where files are read')
})
