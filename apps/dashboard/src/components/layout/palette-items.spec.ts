import { searchItems, type PaletteItem } from './palette-items.js';

const item = (label: string, detail = ''): PaletteItem => ({ label, detail, run: () => true });
const items = [
  item('Go to Alerts'),
  item('HostHighCpu', 'web-1 · job node'),
  item('Alerts without data'),
  item('Log out'),
];
const found = (text: string, most = 9): string[] => searchItems(items, text, most).map(({ label }) => label);

describe('searchItems', () => {
  it.each([
    ['', ['Go to Alerts', 'HostHighCpu', 'Alerts without data', 'Log out']],
    ['alerts', ['Alerts without data', 'Go to Alerts']],
    ['web-1 node', ['HostHighCpu']],
    ['out', ['Log out', 'Alerts without data']],
    ['nothing', []],
  ])('finds for %j', (text, labels) => {
    expect(found(text)).toEqual(labels);
  });

  it('gives no more than asked for', () => {
    expect(found('', 2)).toHaveLength(2);
  });
});
