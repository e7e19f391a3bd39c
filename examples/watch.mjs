// Prints a topic's newest values as they come. node examples/watch.mjs [expression] [url]; a token in OPSROOM_TOKEN.
import { isAbsent } from '@opsroom/contracts';
import { connect } from '@opsroom/client';

const [expr = 'node_load1', url = 'http://127.0.0.1:3000'] = process.argv.slice(2);
const client = connect({ url, token: process.env.OPSROOM_TOKEN });
client.connection$.subscribe(({ state, message }) => console.error(state, message ?? ''));

client.watchTopic({ expr, stepMs: 1_000, windowMs: 60_000 }, ({ buffer, health, ageMs, error }) => {
  if (error) return console.error(health, error.message);
  const last = buffer.to - 1;
  buffer.series.forEach((labels, i) => {
    if (!isAbsent(buffer.columns[i], last)) console.log(health, ageMs?.toFixed(0), labels, buffer.columns[i][last]);
  });
});
