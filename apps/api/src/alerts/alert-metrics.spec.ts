import { SelfMetrics } from '../model/self-metrics.js';
import { AlertMetrics } from './alert-metrics.js';
import { AlertsBench } from './alerts.fixture.js';

it('counts alerts by condition and acknowledgement, and silences by state', async () => {
  const bench = AlertsBench.memory();
  const metrics = new SelfMetrics();
  new AlertMetrics(metrics, bench.book, bench.silences);
  const labels = { alertname: 'A', i: '1' };
  bench.evaluate([labels, { alertname: 'A', i: '2' }, { alertname: 'A', i: '3' }]);
  bench.evaluate([labels, { alertname: 'A', i: '2' }]);
  bench.alerts.acknowledge({ alerts: [bench.ref(labels)], requestId: 'q' }, { name: 'ana' });
  const text = await metrics.text();
  expect(text).toContain('opsroom_alerts{condition="firing",acknowledged="true"} 1');
  expect(text).toContain('opsroom_alerts{condition="firing",acknowledged="false"} 1');
  expect(text).toContain('opsroom_alerts{condition="resolved",acknowledged="false"} 1');
  expect(text).toContain('opsroom_silences{state="active"} 0');
  bench.close();
});
