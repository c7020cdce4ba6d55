export { type RecordColumns, recordKey, recordValue } from './batch/columns.js'
export { type RecordsEvent, sectionRecords } from './batch/record-reader.js'
export type { RecordSection, SectionsEvent } from './batch/record-section.js'
export { KafkaClient, type KafkaClientOptions, type Outage } from './client/kafka-client.js'
export {
  environmentNames,
  type KafkaSettings,
  loadKafkaSettings,
  redactSettings,
  type SaslMechanism,
  type SaslSettings,
  type SettingsSources,
  type TlsSettings,
} from './client/settings.js'
export type { Compression, Compressor } from './codecs/compressor.js'
export { type CodecName, codecNames } from './codecs/decompress.js'
export { isConfigurationError, KafkaIoError, type KafkaIoErrorCode } from './errors.js'
export type { CommitOutcome, GroupVerdict } from './group/group-client.js'
export type { CommittedOffset } from './group/group-requests.js'
export { assignSticky, type Claim, type StickyMember } from './group/sticky-assignment.js'
export type { RecordsToDelete } from './protocol/delete-records.js'
export { partitionForKey } from './sink/partition-for-key.js'
export { KafkaSink, type SinkOptions } from './sink/sink.js'
export type { SinkRecord } from './sink/split.js'
export { KafkaSource } from './source/source.js'
export type {
  AssignedEvent,
  EndEvent,
  FromRule,
  GapEvent,
  GenerationEvent,
  InterruptedEvent,
  PartitionStatus,
  RevokedEvent,
  SourceEvent,
  SourceOptions,
  TakeOver,
} from './source/types.js'
export type { TopicPartition } from './topic-partition.js'
export {
  describeTopic,
  type PartitionOffsets,
  prepareTopics,
  type TopicDescription,
  type TopicPlan,
  topicOffsets,
} from './topics/topics.js'
export type { WrittenBatch } from './transaction/batch-writer.js'
export type { DeletionOutcome } from './transaction/delete-records.js'
export { KafkaTransactions } from './transaction/kafka-transactions.js'
export type { TransactionRecord } from './transaction/partition-batch.js'
export type { SettledOptions } from './transaction/read-settled.js'
export type { SettledRecord } from './transaction/settled-records.js'
export type { FenceOptions, TransactionalProducer } from './transaction/transactional-producer.js'
