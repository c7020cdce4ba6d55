import { brokerList, filePath, groupName, oneOf, option } from '@card/app-kit'
import { fromRule, topicList } from '../topics.js'

/** Options of the section Kafka. */
export const kafkaOptions = {
  brokers: option(
    'Kafka',
    'H:P,…',
    brokerList,
    'read topics instead of files; login and TLS come from --kafka-config or CARD_KAFKA_… alone',
  ),
  topic: option(
    'Kafka',
    'T,…|/regex/',
    topicList,
    'topics to read, or a regular expression that names are searched with (/^likes-/); partitions and matching topics that come later are noticed within 30 s and read from their beginning',
  ),
  group: option(
    'Kafka',
    'G',
    groupName,
    'share the partitions with the other members of this consumer group, each of which publishes what it read itself; without it this worker reads every partition',
  ),
  from: option(
    'Kafka',
    'WHERE',
    fromRule,
    'where reading begins: earliest, latest, or the first record from a time on (2016-07-11T13:39:00Z). No offsets are committed: a restart reads from here again',
    'earliest',
  ),
  until: option(
    'Kafka',
    'end',
    oneOf('end'),
    'end: stop when every partition has reached the offset that was its end at the start; everything open is published',
  ),
  'kafka-config': option(
    'Kafka',
    'FILE',
    filePath,
    'JSON with the connection: {"tls": true or {"ca","certificate","key": paths, "passphrase"}, "sasl": {"mechanism","username","password" or "passwordFile"}}; CARD_KAFKA_TLS_CA, CARD_KAFKA_SASL_PASSWORD, … go before it',
  ),
}
