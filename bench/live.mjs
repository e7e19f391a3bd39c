/**
 * Live delivery under load, with its controls in the same run: `npm run bench:live -- [--only fanout,idle,shared,polled,stalled,load]
 * [--minutes 1] [--watchers 1000] [--series 10000] [--topics 200]`. Clients are in processes of their own. Needs a build; `polled`
 * needs a `prometheus` on the PATH.
 */
import { parseArgs } from 'node:util';
import { fanout } from './live-fanout.mjs';
import { idle } from './live-idle.mjs';
import { load } from './live-load.mjs';
import { polled } from './live-polled.mjs';
import { shared } from './live-shared.mjs';
import { stalled } from './live-stalled.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    watchers: { type: 'string', default: '1000' },
    series: { type: 'string', default: '10000' },
    topics: { type: 'string', default: '200' },
    port: { type: 'string', default: '21510' },
    only: { type: 'string', default: '' },
  },
});
const options = {
  watchers: Number(values.watchers),
  series: Number(values.series),
  topics: Number(values.topics),
  port: Number(values.port),
  seconds: Number(values.minutes) * 60,
};
const sections = { fanout, idle, shared, polled, stalled, load };
const wanted = values.only === '' ? Object.keys(sections) : values.only.split(',');
for (const name of wanted) {
  if (!Object.hasOwn(sections, name)) throw new Error(`no section ${name}: ${Object.keys(sections).join(', ')}`);
  await sections[name](options);
}
process.exit();
