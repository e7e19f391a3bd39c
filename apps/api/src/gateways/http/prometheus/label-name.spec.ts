import { unescapeLabelName } from './label-name.js';

describe('unescapeLabelName', () => {
  it.each([
    ['job', 'job'],
    ['service.name', 'service.name'],
    ['U__service_2e_name', 'service.name'],
    ['U__a__b_20_c_1F600_', 'a_b c😀'],
    ['__name__', '__name__'],
    ['', undefined],
    ['U__', undefined],
    ['U__a_', undefined],
    ['U__a_zz_', undefined],
    ['U___d800_', undefined],
  ])('reads %s as %s', (name, plain) => expect(unescapeLabelName(name)).toBe(plain));
});
