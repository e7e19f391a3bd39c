import { MAX_TIME_MS, MIN_TIME_MS, Parameters } from './parameters.js';

const parameters = (search: string, body?: object) => new Parameters({ url: `/api/v1/x?${search}`, body });

describe('Parameters', () => {
  it('come from the form in the body first, then from the URL', () => {
    const both = parameters('query=b&match[]=c', { query: 'a', 'match[]': ['d', 'e'] });
    expect(both.get('query')).toBe('a');
    expect(both.all('match[]')).toEqual(['d', 'e', 'c']);
    expect(both.get('none')).toBe('');
  });

  it('decode what browsers and Go encode', () => {
    expect(parameters('query=a%2Bb+c&x=%7B%22%C3%BC%22%7D').get('query')).toBe('a+b c');
  });

  it.each([
    ['0', 0],
    ['1435781430.781', 1_435_781_430_781],
    ['-1.5', -1500],
    ['1e3', 1_000_000],
    ['1.0005', 1001],
    ['2015-07-01T20:10:51.781Z', 1_435_781_451_781],
    ['2015-07-01T22:10:51+02:00', 1_435_781_451_000],
    ['-292273086-05-16T16:47:06Z', MIN_TIME_MS],
    ['292277025-08-18T07:12:54.999999999Z', MAX_TIME_MS],
  ])('reads the time %s', (text, ms) => expect(parameters(`time=${encodeURIComponent(text)}`).time('time')).toBe(ms));

  it.each(['', 'now', '2015-07-01', '1,5', '0x10', 'Infinity', 'NaN', '1e400', '2015-13-01T00:00:00Z'])(
    'refuses the time "%s"',
    (text) =>
      expect(() => parameters(`time=${text}`).time('time')).toThrow(
        `invalid parameter "time": cannot parse "${text}" to a valid timestamp`,
      ),
  );

  it('words the refusal of an optional time as Prometheus does', () => {
    expect(parameters('').time('time', 7)).toBe(7);
    expect(() => parameters('time=x').time('time', 7)).toThrow(
      'invalid parameter "time": Invalid time value for \'time\': cannot parse "x" to a valid timestamp',
    );
  });

  it.each([
    ['15', 15_000],
    ['0.5', 500],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['-1', -1000],
  ])('reads the duration %s', (text, ms) => expect(parameters(`step=${text}`).duration('step')).toBe(ms));

  it.each(['', 'x', '1h 3m', '1e300'])('refuses the duration "%s"', (text) =>
    expect(() => parameters(`step=${text}`).duration('step')).toThrow('to a valid duration'),
  );

  it('reads limits: none and 0 mean all', () => {
    expect([parameters('').limit(), parameters('limit=0').limit(), parameters('limit=5').limit()]).toEqual([0, 0, 5]);
    expect(() => parameters('limit=-1').limit()).toThrow('limit must be non-negative');
    expect(() => parameters('limit=x').limit()).toThrow('cannot parse "x"');
  });
});
