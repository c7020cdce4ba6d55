/** What identifies a producer to the broker: a new epoch fences all older ones. */
export interface ProducerIdentity {
  readonly producerId: bigint
  readonly epoch: number
}
