import { filePath, oneOf, option, percentage, topicName, yesOrNo } from '@card/app-kit'
import { topicTemplate } from '../topics.js'

/** Options of the section Output. */
export const outputOptions = {
  format: option(
    'Output',
    'FORMAT',
    oneOf('ndjson', 'csv', 'table'),
    'format of the results on stdout (topics always get ndjson). table: aligned for reading, about 120 columns wide plus the group, which comes last, in quotes unless it is plain text',
    'ndjson',
  ),
  times: option(
    'Output',
    'utc|local',
    oneOf('utc', 'local'),
    'local: start and end of results in --timezone, with its offset (2016-07-11T15:39:00.000+02:00); the keys of records stay in UTC',
    'utc',
  ),
  sketches: option(
    'Output',
    null,
    yesOrNo,
    'add a field sketch: the canonical compact HLL_8 image at --precision (Apache DataSketches), base64',
    'false',
  ),
  'out-topic': option(
    'Output',
    'TOPIC',
    topicTemplate,
    'write results to a topic instead of stdout, {window} being the size (unique-users.{window}): key [window,start,group], headers pane and revision; created as a compacted topic if it does not exist',
  ),
  print: option('Output', null, yesOrNo, 'with --out-topic: results on stdout as well', 'false'),
  'rejects-topic': option(
    'Output',
    'TOPIC',
    topicName,
    'write each rejected record with its reason to a topic',
  ),
  'late-topic': option('Output', 'TOPIC', topicName, 'write each late record with its action to a topic'),
  'rejects-file': option('Output', 'FILE', filePath, 'write each rejected line with its reason (NDJSON)'),
  'late-file': option('Output', 'FILE', filePath, 'write each late line with its action (NDJSON)'),
  'max-rejects': option(
    'Output',
    'PERCENT',
    percentage(0, 100),
    'exit with 65 if more than this share of the non-blank lines was rejected; results are printed all the same',
  ),
  summary: option('Output', 'FILE', filePath, 'write every sum as JSON at the end'),
}
