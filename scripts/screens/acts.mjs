// What people have done before the pictures are taken: acknowledged, snoozed, assigned, silenced, written, and seen resolve.
import { LONG, resolved } from './scene.mjs';
import { sendAlerts } from './people.mjs';
import { sleep } from './server.mjs';

const HOUR = 3_600_000;

async function alertsOf(server, cookie) {
  const answer = await fetch(`${server.url}/api/v2/alerts`, { headers: { cookie } });
  const alerts = await answer.json();
  return alerts.map(({ fingerprint, labels }) => ({ fingerprint, labels }));
}

/** Does all that. `room` gives an alert's war room by the alert's name; `stop` ends what goes on. */
export async function act({ server, people, payload, ana, ben }) {
  let known = [];
  // The rules' own alerts come with the samples.
  for (let tries = 0; tries < 60 && !known.some(({ labels }) => labels.alertname === 'HostHighCpu'); tries++) {
    await sleep(500);
    known = await alertsOf(server, people.ana);
  }
  const withEpisode = async (chosen) => {
    const refs = [];
    for (const { fingerprint } of chosen) {
      const { alert } = await ben.ask('/rooms', 'room:join', { alert: fingerprint });
      if (alert?.episode) refs.push({ fingerprint, episode: alert.episode });
      await ben.ask('/rooms', 'room:leave', { alert: fingerprint });
    }
    return refs;
  };
  const named = (name, from = 0, to = 400) => known.filter(({ labels }) => labels.alertname === name).slice(from, to);
  let requests = 0;
  const request = () => `screens-${requests++}`;

  /** One person's act on some alerts, if there are any of that name. */
  const on = async (who, event, chosen, more) => {
    const alerts = await withEpisode(chosen);
    if (alerts.length > 0) await who.ask('/alerts', event, { alerts, ...more, requestId: request() });
  };
  const drained = { note: 'Load balancer is being drained, see change 8812' };
  await on(ana, 'alert:acknowledge', named('ProbeDown', 0, 8), drained);
  await on(ben, 'alert:acknowledge', named('ReplicationLag', 0, 5), { untilMs: Date.now() + 6 * HOUR });
  await on(ben, 'alert:acknowledge', named('DiskFilling'), { untilWorse: true, note: 'Cleaning up old dumps' });
  await on(ana, 'alert:assign', named('HighErrorRate', 0, 6), { assignee: 'chiara' });

  const now = Date.now();
  const silence = (matchers, comment, startsAtMs, endsAtMs, who = ana) =>
    who.ask('/alerts', 'silence:create', { matchers, comment, startsAtMs, endsAtMs, requestId: request() });
  const equal = (name, value) => ({ name, operator: '=', value });
  await silence(
    [equal('alertname', 'BackupTooOld')],
    'Backups are moved to the new storage this week',
    now,
    now + 40 * HOUR,
  );
  await silence(
    [equal('alertname', 'CertificateExpiresSoon'), { name: 'instance', operator: '=~', value: 'node-0.*' }],
    'Renewal runs at noon',
    now,
    now + 9 * 60_000,
    ben,
  );
  await silence(
    [equal('resource', LONG)],
    'Blue is taken out while green takes over. '.repeat(4).trim(),
    now + HOUR,
    now + 3 * HOUR,
  );
  await silence([equal('team', 'search')], 'Index rebuild', now + 24 * HOUR, now + 30 * HOUR, ben);

  const flapping = payload.slice(6, 8);
  for (let times = 0; times < 3; times++) {
    await sendAlerts(server.url, people.token, resolved(flapping));
    await sendAlerts(
      server.url,
      people.token,
      flapping.map((alert) => ({ ...alert, startsAt: new Date().toISOString(), endsAt: undefined })),
    );
  }
  await sendAlerts(server.url, people.token, resolved(payload.slice(50, 58)));

  const busiest = named('HostHighCpu')[0] ?? known[0];
  const cpu = busiest.fingerprint;
  await ben.ask('/rooms', 'room:join', { alert: cpu });
  await ben.ask('/rooms', 'note:add', {
    alert: cpu,
    text: '@ana the new build spins in the tokeniser. I roll web-1 back first and look at the others after that.',
    requestId: request(),
  });
  await ana.ask('/rooms', 'room:join', { alert: cpu });
  await ana.ask('/rooms', 'note:add', { alert: cpu, text: 'ok, I tell support', requestId: request() });
  const pulse = setInterval(() => void ben.ask('/rooms', 'typing:start', { alert: cpu }).catch(() => {}), 2000);

  return {
    room: (name) => `/alerts/${(named(name)[0] ?? known[0]).fingerprint}`,
    stop: () => clearInterval(pulse),
  };
}
