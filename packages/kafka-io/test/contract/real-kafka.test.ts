import { type LocalKafka, startKafka } from '@card/local-kafka'
import { afterAll, beforeAll, describe } from 'vitest'
import type { TransactionVersion } from '../../src/transaction/requests.js'
import { clientOf, describeLocalKafka } from '../support/kafka.js'
import { deletionContract } from './deletion.contract.js'
import { fencingContract } from './fencing.contract.js'
import { groupContract } from './group.contract.js'
import { brokerSettings } from './kafka-port.js'
import { RealKafka } from './real-kafka.js'
import { transactionContract } from './transactions.contract.js'

describeLocalKafka('a real Kafka', { timeout: 60_000 }, () => {
  let kafka: LocalKafka
  beforeAll(async () => {
    kafka = await startKafka({ properties: brokerSettings })
  })
  afterAll(() => kafka?.stop())

  describe.each<TransactionVersion>([1, 2])('with transactions of version %i', (version) => {
    let real: RealKafka
    beforeAll(async () => {
      real = await RealKafka.open(clientOf(kafka.brokers, { unreachableTimeout: 20_000 }), version)
    })
    afterAll(() => real?.close())
    const port = () => real

    fencingContract(port)
    transactionContract(port)
    if (version === 2) {
      groupContract(port)
      deletionContract(port)
    }
  })
})
