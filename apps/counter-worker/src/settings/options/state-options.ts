import { duration, durationOrOff, option, topicName, wholeNumber } from '@card/app-kit'

/** Options of the section State. */
export const stateOptions = {
  state: option(
    'State',
    'NAME',
    topicName,
    'keep the state in the topics NAME-checkpoint and NAME-partials, which are made where they are missing: workers of one NAME share the partitions, any of them may be killed, and each window has one right number. Default: the name of --group; without either, every partition is read from --from at each start, and nothing is kept',
  ),
  'checkpoint-interval': option(
    'State',
    'DURATION|off',
    durationOrOff(),
    'save the state at least this often; it is also saved whenever a window of the finest size ends. off: keep no state; a --group may have no other member then',
    '30s',
  ),
  'session-timeout': option(
    'State',
    'DURATION',
    duration(),
    'a worker that is silent for so long is out of its group, and others go on with its partitions',
    '10s',
  ),
  'state-replication': option(
    'State',
    'N',
    wholeNumber(1, 32767),
    "copies of each partition of new state topics. Default: the brokers' own",
  ),
}
