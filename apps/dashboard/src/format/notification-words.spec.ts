import { groupName, heldBackWords, notifierName, reasonWords } from './notification-words.js';

describe('notifierName', () => {
  const siblings = ['on-call/webhook/0', 'on-call/webhook/1', 'on-call/email/0'];
  it.each([
    ['on-call/webhook/1', 'webhook 2'],
    ['on-call/email/0', 'email'],
    ['a/b/slack/0', 'slack 1'],
    ['strange', 'strange'],
  ])('says of %s: %s', (id, name) => {
    expect(notifierName(id, siblings)).toBe(name);
  });
});

describe('groupName', () => {
  it.each([
    ['{}:{alertname="Down"}', 'alertname="Down"'],
    ['{}/{team="a:{b}"}:{alertname="Down", path="/x:{id}"}', 'alertname="Down", path="/x:{id}"'],
    ['{}:{}', 'all alerts'],
    ['', 'all alerts'],
  ])('reads %s as %s', (key, name) => {
    expect(groupName(key)).toBe(name);
  });
});

it('shows a reason that it does not know in words', () => {
  expect(reasonWords('rate_limited')).toBe('rate limited');
});

describe('heldBackWords', () => {
  it.each([
    ['storage/email/0: silenced: 5b0e', 'storage, email: a silence matches it'],
    ['a/b/webhook/1: inhibited: f00d', 'a/b, webhook 2: another alert inhibits it'],
    ['team: x/slack/0: acknowledged: ana', 'team: x, slack: ana has it'],
    ['team/slack/0: muted_by_time_interval: nights, weekends', 'team, slack: muted in nights, weekends'],
    ['team/slack/0: outside_active_time_intervals: work', 'team, slack: muted outside work'],
    ['team/slack/0: rate_limited: 5', 'team, slack: rate limited'],
    ['something else', 'something else'],
  ])('says of %j: %j', (detail, words) => {
    expect(heldBackWords(detail)).toBe(words);
  });
});
