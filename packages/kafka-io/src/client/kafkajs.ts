// kafkajs is CommonJS: Node finds some of its names as named exports and some only on the default.
import kafkajs from 'kafkajs'

export const {
  AssignerProtocol,
  CompressionCodecs,
  CompressionTypes,
  Kafka,
  logLevel,
  PartitionAssigners,
  Partitioners,
} = kafkajs
