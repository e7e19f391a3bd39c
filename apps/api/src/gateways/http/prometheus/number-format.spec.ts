import * as fc from 'fast-check';
import { formatExponent, formatSample, formatScalar, formatTimestamp } from './number-format.js';

// What Go's strconv prints for the same numbers.
describe('numbers', () => {
  it.each([
    [0, '0', '0', '0e+00'],
    [-0, '-0', '-0', '-0e+00'],
    [1, '1', '1', '1e+00'],
    [1.5, '1.5', '1.5', '1.5e+00'],
    [-12345.678, '-12345.678', '-12345.678', '-1.2345678e+04'],
    [0.1 + 0.2, '0.30000000000000004', '0.30000000000000004', '3.0000000000000004e-01'],
    [1e-6, '0.000001', '0.000001', '1e-06'],
    [1e-7, '1e-07', '0.0000001', '1e-07'],
    [-1.5e-10, '-1.5e-10', '-0.00000000015', '-1.5e-10'],
    [123456789012345680000, '123456789012345680000', '123456789012345680000', '1.2345678901234568e+20'],
    [1e21, '1e+21', '1000000000000000000000', '1e+21'],
    [-1.25e22, '-1.25e+22', '-12500000000000000000000', '-1.25e+22'],
    [5e-324, '5e-324', `0.${'0'.repeat(323)}5`, '5e-324'],
    [NaN, 'NaN', 'NaN', 'NaN'],
    [Infinity, '+Inf', '+Inf', '+Inf'],
    [-Infinity, '-Inf', '-Inf', '-Inf'],
  ])('%d is %s in a sample, %s as a scalar, %s of an alert', (value, sample, scalar, exponent) => {
    expect([formatSample(value), formatScalar(value), formatExponent(value)]).toEqual([sample, scalar, exponent]);
  });

  it('read back as the same number in every form', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) =>
        [formatSample, formatScalar, formatExponent].every((format) => Object.is(Number(format(value)), value)),
      ),
    );
  });

  it.each([
    [0, '0'],
    [1_435_781_430_781, '1435781430.781'],
    [1050, '1.050'],
    [2000, '2'],
    [5, '0.005'],
    [-5, '-0.005'],
    [-1500, '-1.500'],
  ])('a time of %d ms is %s', (ms, text) => expect(formatTimestamp(ms)).toBe(text));
});
