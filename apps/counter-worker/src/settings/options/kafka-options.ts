import { brokerList, filePath, groupName, oneOf, option } from '@card/app-kit'
import { fromRule, topicList } from '../topics.js'

/** Options of the section Kafka. */
export const kafkaOptions = {
  brokers: option(
    'Kafka',
    'H:P,…',
    brokerList,
    'read topics instead of files; login and TLS settings come only from --kafka-config and CARD_KAFKA_…',
  ),
  topic: option(
    'Kafka',
    'T,…|/regex/',
    topicList,
    'topics to read, or a regular expression that topic names are matched against (/^likes-/); new partitions and matching topics are picked up within 30 s and read from their beginning',
  ),
  group: option(
    'Kafka',
    'G',
    groupName,
    'share the partitions with the other workers of this consumer group, and keep the state, named as the group. Default: the name of --state; with neither, this worker reads every partition and keeps nothing',
  ),
  from: option(
    'Kafka',
    'WHERE',
    fromRule,
    'where to start reading: earliest, latest, or the first record at or after a time (2016-07-11T13:39:00Z). With --state or --group this applies to partitions without a saved position; without them every start reads from here',
    'earliest',
  ),
  until: option(
    'Kafka',
    'end',
    oneOf('end'),
    'end: stop once every partition has reached the offset that was its end at startup; open windows are then published',
  ),
  'kafka-config': option(
    'Kafka',
    'FILE',
    filePath,
    'JSON with the connection: {"tls": true or {"ca","certificate","key": paths, "passphrase"}, "sasl": {"mechanism","username","password" or "passwordFile"}}; CARD_KAFKA_TLS_CA, CARD_KAFKA_SASL_PASSWORD, … take precedence over it',
  ),
}
