/** One metric: what kind it is, what its labels are, and what it says. */
export interface MetricEntry {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly labels: readonly string[]
  readonly help: string
}

/** Every metric of the program. The one place where a metric is defined. */
export const metricTable = {
  card_frames_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'Lines or records by outcome: counted, rejected, late, blank',
  },
  card_fallback_lines_total: {
    type: 'counter',
    labels: [],
    help: 'Lines or records that left the fast scanner and were judged by JSON.parse',
  },
  card_bytes_total: { type: 'counter', labels: [], help: 'Bytes of lines or of record values' },
  card_rejected_total: { type: 'counter', labels: ['reason'], help: 'Rejected frames by reason' },
  card_late_total: {
    type: 'counter',
    labels: ['action'],
    help: 'Late frames by action; ahead: given up by the far-future guard; closed: for a published window that no longer takes corrections',
  },
  card_dead_letters_total: {
    type: 'counter',
    labels: [],
    help: 'Rejected and late frames written to their files or topics',
  },
  card_results_total: { type: 'counter', labels: ['pane'], help: 'Results published' },
  card_windows_open: { type: 'gauge', labels: ['window'], help: 'Windows that hold state, by size' },
  card_estimator_bytes: {
    type: 'gauge',
    labels: ['window'],
    help: 'Memory of the estimators of open windows, by size, hidden base windows included',
  },
  card_windows_finalized_total: { type: 'counter', labels: ['window'], help: 'Final results, by size' },
  card_watermark_timestamp_seconds: {
    type: 'gauge',
    labels: ['topic', 'partition'],
    help: 'Watermark of a partition in event time; absent before its first trusted frame (files: partition 0)',
  },
  card_held_frames: {
    type: 'gauge',
    labels: ['topic', 'partition'],
    help: 'Frames that wait in the far-future guard until others corroborate their times',
  },
  card_frames_held_total: {
    type: 'counter',
    labels: ['topic', 'partition'],
    help: 'Frames that were held because they were beyond the horizon of the trusted time',
  },
  card_trusted_time_leaps_total: {
    type: 'counter',
    labels: ['topic', 'partition'],
    help: 'Moves of the trusted time of a partition by more than the horizon',
  },
  card_recent_late_ratio: {
    type: 'gauge',
    labels: ['topic', 'partition'],
    help: 'Late frames among the last 1,000 of a partition, from 0 to 1; 0 until there have been that many',
  },
  card_consumer_lag_records: {
    type: 'gauge',
    labels: ['topic', 'partition'],
    help: 'Offsets between what was read and the end of the partition',
  },
  card_consumer_lag_seconds: {
    type: 'gauge',
    labels: ['topic', 'partition'],
    help: 'Age of the last record read, by its timestamp; 0 when there is no lag',
  },
  card_assigned_partitions: { type: 'gauge', labels: [], help: 'Partitions that this worker reads' },
  card_rebalances_total: {
    type: 'counter',
    labels: [],
    help: 'How often partitions were given to this worker',
  },
  card_process_duration_seconds: {
    type: 'histogram',
    labels: [],
    help: 'Time to parse and count a batch of at most 4,096 frames; with --threads, to count it',
  },
  card_end_to_end_delay_seconds: {
    type: 'histogram',
    labels: [],
    help: 'From the end of a window to its final result being written (to a topic: acknowledged), by the wall clock; --out-of-order is part of it, and in a backlog the age of the events. Early and corrected results are left out; 0 where the end is ahead of the clock',
  },
  card_produce_errors_total: {
    type: 'counter',
    labels: [],
    help: 'Sends of records to topics that failed, each attempt: tried again or given up',
  },
  card_build_info: { type: 'gauge', labels: ['version'], help: '1, with the version of the program' },
} as const satisfies Record<string, MetricEntry>

export type MetricName = keyof typeof metricTable
