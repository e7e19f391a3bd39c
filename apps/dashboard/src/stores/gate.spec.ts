import { safeNext, whereInstead, type Visitor, type Wanted } from './gate.js';

const to = (name: string, fullPath = `/${name}`, query = {}): Wanted => ({ name, fullPath, query });

describe('whereInstead', () => {
  it.each<[string, Wanted, Visitor, ReturnType<typeof whereInstead>]>([
    [
      'a stranger to the login page, and back afterwards',
      to('alerts', '/alerts?m=x'),
      'stranger',
      { name: 'login', query: { next: '/alerts?m=x' } },
    ],
    ['a stranger at the front door without a way back', to('overview', '/'), 'stranger', { name: 'login', query: {} }],
    ['the first visitor to the set-up', to('overview', '/'), 'first', { name: 'setup' }],
    ['the first visitor from the login page to the set-up', to('login'), 'first', { name: 'setup' }],
    ['nobody away from the set-up', to('setup'), 'stranger', true],
    ['nobody away from the link in a message', to('acknowledge', '/acknowledge?token=x'), 'stranger', true],
    ['nobody anywhere while nothing is known', to('alerts'), 'unknown', true],
    ['somebody who is logged in nowhere else', to('alerts'), 'identified', true],
    [
      'somebody who is logged in away from the login page',
      to('login', '/login', { next: '/rules' }),
      'identified',
      { path: '/rules' },
    ],
    [
      'an anonymous visitor not away from a login that they want',
      to('login', '/login', { stay: '1' }),
      'identified',
      true,
    ],
    ['a stranger not away from the login page', to('login'), 'stranger', true],
  ])('sends %s', (_, wanted, visitor, instead) => {
    expect(whereInstead(wanted, visitor)).toEqual(instead);
  });
});

describe('safeNext', () => {
  it.each([
    ['/alerts?m=x', '/alerts?m=x'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['https://evil.example', '/'],
    [undefined, '/'],
    [['/a'], '/'],
  ])('turns %j into %s', (next, path) => {
    expect(safeNext(next)).toBe(path);
  });
});
