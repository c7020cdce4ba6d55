import { duration, durationOrOff, option, topicName, wholeNumber } from '@card/app-kit'

/** Options of the section State. */
export const stateOptions = {
  state: option(
    'State',
    'NAME',
    topicName,
    'save the state in the topics NAME-checkpoint and NAME-partials, creating them if needed. Workers with the same NAME share the partitions; any of them may be killed at any time, and every window still gets one correct result. Default: the name of --group. Without either, every start reads all partitions from --from and saves nothing',
  ),
  'checkpoint-interval': option(
    'State',
    'DURATION|off',
    durationOrOff(),
    'save the state at least this often; it is also saved at the end of each window of the finest size. off: save nothing (the --group may then have no other member)',
    '30s',
  ),
  'session-timeout': option(
    'State',
    'DURATION',
    duration(),
    'how long the group waits for a worker that has gone silent before its partitions go to the others',
    '10s',
  ),
  'state-replication': option(
    'State',
    'N',
    wholeNumber(1, 32767),
    'replication factor of new state topics. Default: that of the brokers',
  ),
}
