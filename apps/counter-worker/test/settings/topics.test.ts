import { expect, test } from 'vitest'
import { fromRule, topicList, topicOf, topicTemplate } from '../../src/settings/topics.js'

test('topics are names or one pattern', () => {
  expect(topicList('a, b.c_d-1')).toEqual(['a', 'b.c_d-1'])
  expect(topicList('/^a{1,2}$/')).toEqual(/^a{1,2}$/)
  for (const text of ['', 'a,', 'a b', '..', '/(/', 'ü']) expect(() => topicList(text)).toThrow('expected')
})

test('a template names a topic for each size', () => {
  expect(topicOf(topicTemplate('users.{window}'), '5m')).toBe('users.5m')
  expect(() => topicTemplate('users.{size}')).toThrow('name of a topic')
})

test('reading begins at an end or at a time whose zone is said', () => {
  expect([fromRule('earliest'), fromRule('latest')]).toEqual(['earliest', 'latest'])
  expect(fromRule('2016-07-11T13:39:00Z')).toBe(1_468_244_340_000)
  expect(fromRule('2016-07-11T15:39:00.5+02:00')).toBe(1_468_244_340_500)
  expect(fromRule('2016-07-11')).toBe(1_468_195_200_000)
  for (const text of ['now', '2016-07-11T13:39:00', '2016-13-01', '1468244340']) {
    expect(() => fromRule(text)).toThrow('2016-07-11T13:39:00Z')
  }
})
