// kafkajs is CommonJS: Node finds some of its names as named exports and some only on the default.
import kafkajs from 'kafkajs'

export const { CompressionCodecs, CompressionTypes, Kafka, logLevel, Partitioners } = kafkajs
