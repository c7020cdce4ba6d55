import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Brokers that every test file of the run shares; empty where there is no Kafka. */
    kafkaBrokers: string[]
    /** `local`: a broker of our own (others can be started too); `external`: KAFKA_BROKERS. */
    kafkaMode: 'local' | 'external' | 'none'
  }
}

/** A `globalSetup` of vitest: one broker for a whole test run (`inject('kafkaBrokers')`). */
export declare function setup(project: TestProject): Promise<void>
export declare function teardown(): Promise<void>
