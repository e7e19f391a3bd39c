import { fillTemplate, printLabels, shortNames } from './series-name.js';

describe('fillTemplate', () => {
  it.each([
    ['{{mode}}', { mode: 'user' }, 'user'],
    ['{{ device }} in', { device: 'eth0' }, 'eth0 in'],
    ['{{missing}} out', {}, 'out'],
    ['used', { mode: 'user' }, 'used'],
  ])('%s', (template, labels, text) => {
    expect(fillTemplate(template, labels)).toBe(text);
  });
});

describe('printLabels', () => {
  it('writes a label set as an expression would', () => {
    expect(printLabels({ __name__: 'up', job: 'node', instance: 'a"b' })).toBe('up{instance="a\\"b", job="node"}');
    expect(printLabels({ __name__: 'up' })).toBe('up');
    expect(printLabels({})).toBe('{}');
  });
});

describe('shortNames', () => {
  it('say only in what the series differ', () => {
    const series = ['user', 'system'].map((mode) => ({ mode, instance: 'web-1', job: 'node' }));
    expect(shortNames(series, 'x')).toEqual(['user', 'system']);
  });

  it('keep the label beside a bare number', () => {
    expect(shortNames([{ cpu: '0' }, { cpu: '1' }], 'x')).toEqual(['cpu=0', 'cpu=1']);
  });

  it('name a series that stands alone by its labels, or else by its expression', () => {
    expect(shortNames([{ __name__: 'up', job: 'node' }], 'x')).toEqual(['node']);
    expect(shortNames([{ __name__: 'node_load1' }], 'x')).toEqual(['node_load1']);
    expect(shortNames([{}], 'sum(x)')).toEqual(['sum(x)']);
  });
});
