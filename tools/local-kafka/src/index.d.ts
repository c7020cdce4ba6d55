import type { LocalKafka, StartOptions, TestKafka } from './types.js'

export type { Brokers, Certificates, LocalKafka, Login, StartOptions, TestKafka } from './types.js'

/**
 * Starts a real Kafka of one or three nodes and resolves when it answers a metadata request.
 * Everything it starts ends with `stop()`, or when this process ends in whatever way.
 *
 * @throws when Java or Maven is missing, or a node ends or stays silent (with the end of its log)
 */
export declare function startKafka(options?: StartOptions): Promise<LocalKafka>

/**
 * Says where a test finds a broker: a local one (`startKafka`) where Java 17 and Maven are at hand,
 * else the brokers of `KAFKA_BROKERS`, else none, with a notice that says what is missing.
 *
 * @throws with `CI=true` when there is none: a skipped test must not look like a passed one there
 */
export declare function kafkaForTests(): TestKafka

/**
 * Runs one of Kafka's own command line tools to its end.
 *
 * @param mainClass for example `org.apache.kafka.tools.consumer.ConsoleConsumer`
 * @param options of the JVM, in place of those that make it start fast (no optimizing compiler)
 * @returns what it wrote
 * @throws when it ends with another code than 0
 */
export declare function runKafkaTool(
  mainClass: string,
  args: readonly string[],
  input?: string,
  options?: readonly string[],
): Promise<{ stdout: string; stderr: string }>
