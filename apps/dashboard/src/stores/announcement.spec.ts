import { alertOf } from '../format/alert.fixture.js';
import { announcementOf } from './announcement.js';

const disk = alertOf('DiskFilling', { labels: { severity: 'warning', instance: 'db-2' } });
const down = alertOf('HostDown');

it.each([
  ['nothing of none', [], ''],
  ['what and where of one', [disk], 'warning: DiskFilling on db-2'],
  ['the worst of two first', [disk, down], 'critical: HostDown; warning: DiskFilling on db-2'],
  ['the number of many', [disk, down, alertOf('Other')], '3 new alerts, 2 critical'],
])('an announcement says %s', (_, alerts, words) => {
  expect(announcementOf(alerts)).toBe(words);
});
