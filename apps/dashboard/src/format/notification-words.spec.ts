import { groupName, notifierName, reasonWords } from './notification-words.js';

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
