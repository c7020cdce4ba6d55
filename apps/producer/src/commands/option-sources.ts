import type { ManualPart } from '@card/app-kit'

/** Where options come from, in the manual of every command. */
export const optionSources: ManualPart = {
  title: 'Options',
  text: [
    'Each can also be given as an environment variable (--kafka-config: CARD_PRODUCER_KAFKA_CONFIG) or in the file that --config names (kafka-config: FILE). A flag takes precedence over a variable, a variable over the file, and the file over the default. Options that exclude each other are refused, wherever they come from.',
    'Passwords and certificates come from --kafka-config or CARD_KAFKA_…, never from flags.',
  ],
}
