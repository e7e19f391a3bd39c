import type { AlertsFrame, SilenceView } from '@opsroom/contracts';
import type { Identified } from '../../accounts/accounts.service.js';
import { AlertTopics } from '../../alerts/alert-topics.js';
import { AlertsBench } from '../../alerts/alerts.fixture.js';
import { AlertsService } from '../../alerts/alerts.service.js';
import { NotesService } from '../../alerts/notes.service.js';
import { SilencesService } from '../../alerts/silences.service.js';
import { testConfig } from '../../config/config.fixture.js';
import { OpsroomConfig } from '../../config/config.js';
import { Clock, SystemClock } from '../../model/clock.js';
import { openTestDatabase } from '../../storage/test-database.fixture.js';
import { AlertsGateway } from './alerts.gateway.js';
import { RoomsGateway } from './rooms.gateway.js';
import { ask, type Client, SocketBench } from './sockets.fixture.js';

const web1 = { alertname: 'High', instance: 'web-1', severity: 'critical' };
const web2 = { alertname: 'High', instance: 'web-2', severity: 'warning' };
const critical = [{ name: 'severity', operator: '=' as const, value: 'critical' }];

let alerts: AlertsBench;
let bench: SocketBench;
let identity: Identified;
const person = (name: string, role: Identified['role'] = 'responder'): Identified => ({ ...identity, name, role });

beforeEach(async () => {
  identity = { name: 'ana', role: 'responder', via: 'session', credential: '' };
  alerts = new AlertsBench(new SystemClock(), openTestDatabase());
  const config = testConfig({ topics: { maxTopicsPerSocket: 3 } });
  bench = await SocketBench.start(
    {
      providers: [
        AlertsGateway,
        RoomsGateway,
        { provide: OpsroomConfig, useValue: config },
        { provide: Clock, useValue: alerts.clock },
        { provide: AlertsService, useValue: alerts.alerts },
        { provide: AlertTopics, useValue: alerts.topics },
        { provide: SilencesService, useValue: alerts.silences },
        { provide: NotesService, useValue: alerts.notes },
      ],
    },
    { dependencies: { accounts: { identify: () => Promise.resolve(identity) } } },
  );
});
afterEach(async () => {
  await bench.close();
  alerts.close();
});

/** Connects as a person. */
function connected<N extends '/alerts' | '/rooms'>(namespace: N, who: Identified): Promise<Client<N>> {
  identity = who;
  return bench.connected(namespace);
}

/** Everything that a client hears of one kind, and a way to wait until there is enough. */
function heard<T>(
  client: { on: unknown },
  event: string,
): { all: T[]; until: (enough: (all: T[]) => boolean) => Promise<T[]> } {
  const all: T[] = [];
  const waiting: (() => void)[] = [];
  (client as { on: (event: string, listener: (value: T) => void) => void }).on(event, (value) => {
    all.push(value);
    waiting.forEach((check) => check());
  });
  const until = (enough: (all: T[]) => boolean): Promise<T[]> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (enough(all)) resolve(all);
      };
      waiting.push(check);
      check();
    });
  return { all, until };
}

describe('/alerts', () => {
  it('sends a snapshot of the topic, then what changes in it to every watcher', async () => {
    alerts.evaluate([web1, web2]);
    const ana = await connected('/alerts', person('ana'));
    const ben = await connected('/alerts', person('ben'));
    const frames = [ana, ben].map((client) => heard<AlertsFrame>(client, 'topic:frame'));
    for (const client of [ana, ben]) {
      expect(await ask(client, 'topic:subscribe', { matchers: critical })).toMatchObject({
        ok: true,
        recovered: false,
      });
    }
    const reply = await ask(ana, 'alert:acknowledge', { alerts: [alerts.ref(web1), alerts.ref(web2)], requestId: 'q' });
    expect(reply).toMatchObject({ ok: true, outcomes: [{ done: true }, { done: true }] });
    for (const { until } of frames) {
      const [snapshot, delta] = await until((all) => all.length === 2);
      expect(snapshot).toMatchObject({ kind: 'snapshot', alerts: [{ labels: web1 }] });
      expect(delta).toMatchObject({ kind: 'delta', changed: [{ labels: web1, acknowledgement: { by: 'ana' } }] });
    }
  });

  it("refuses a viewer's acts in their replies", async () => {
    alerts.evaluate([web1]);
    const eve = await connected('/alerts', person('eve', 'viewer'));
    const forbidden = { ok: false, error: { code: 'forbidden' } };
    const refs = [alerts.ref(web1)];
    expect(await ask(eve, 'alert:acknowledge', { alerts: refs, requestId: 'a' })).toMatchObject(forbidden);
    expect(await ask(eve, 'alert:unacknowledge', { alerts: refs, requestId: 'a' })).toMatchObject(forbidden);
    expect(await ask(eve, 'alert:assign', { alerts: refs, assignee: 'eve', requestId: 'a' })).toMatchObject(forbidden);
    expect(await ask(eve, 'silence:expire', { id: 'x', requestId: 'a' })).toMatchObject(forbidden);
    expect(await ask(eve, 'silence:preview', { matchers: critical })).toMatchObject({ ok: true, matching: 1 });
    expect(alerts.alerts.view(refs[0].fingerprint)?.acknowledgement).toBeUndefined();
  });

  it('tells both of two who acknowledge at once who won', async () => {
    alerts.evaluate([web1]);
    const [ana, ben] = [await connected('/alerts', person('ana')), await connected('/alerts', person('ben'))];
    const input = (requestId: string) => ({ alerts: [alerts.ref(web1)], requestId });
    const replies = await Promise.all([
      ask(ana, 'alert:acknowledge', input('a')),
      ask(ben, 'alert:acknowledge', input('b')),
    ]);
    const outcomes = replies.map((reply) => (reply.ok ? reply.outcomes[0] : undefined));
    const winner = outcomes[0]?.done ? 'ana' : 'ben';
    expect(outcomes.filter((outcome) => outcome?.done)).toHaveLength(1);
    expect(outcomes.find((outcome) => !outcome?.done)).toMatchObject({ reason: 'already_acknowledged', winner });
  });

  it('catches a watcher up that comes back with its position', async () => {
    const first = await connected('/alerts', person('ana'));
    const subscribed = await ask(first, 'topic:subscribe', { matchers: critical });
    const position = subscribed.ok ? subscribed.position : { epoch: '', offset: 0 };
    alerts.evaluate([web1]);
    first.disconnect();
    const again = await connected('/alerts', person('ana'));
    const { all } = heard<AlertsFrame>(again, 'topic:frame');
    expect(await ask(again, 'topic:subscribe', { matchers: critical, resume: position })).toMatchObject({
      ok: true,
      recovered: true,
    });
    expect(all).toMatchObject([{ kind: 'delta', changed: [{ labels: web1 }] }]);
  });

  it('makes, lists and ends silences and tells everybody', async () => {
    alerts.evaluate([web1]);
    const ana = await connected('/alerts', person('ana'));
    const lists = heard<SilenceView[]>(ana, 'silences:changed');
    const made = await ask(ana, 'silence:create', {
      matchers: critical,
      startsAtMs: 0,
      endsAtMs: alerts.clock.nowMs() + 60_000,
      comment: 'move',
      requestId: 's',
    });
    expect(made).toMatchObject({ ok: true, silence: { state: 'active', matching: 1, createdBy: 'ana' } });
    const id = made.ok ? made.silence.id : '';
    expect(await ask(ana, 'silence:list', {})).toMatchObject({ ok: true, silences: [{ id }] });
    expect(await ask(ana, 'silence:expire', { id, requestId: 'e' })).toMatchObject({ silence: { state: 'expired' } });
    expect((await lists.until((all) => all.length === 2)).map((list) => list[0].state)).toEqual(['active', 'expired']);
  });

  it('refuses too many topics and matchers that cannot be read', async () => {
    const ana = await connected('/alerts', person('ana'));
    const watch = (value: string) => ask(ana, 'topic:subscribe', { matchers: [{ name: 'a', operator: '=~', value }] });
    for (const value of ['1', '2', '3']) expect(await watch(value)).toMatchObject({ ok: true });
    expect(await watch('4')).toMatchObject({ ok: false, error: { code: 'too_many_topics' } });
    const ben = await connected('/alerts', person('ben'));
    const reply = await ask(ben, 'topic:subscribe', { matchers: [{ name: 'a', operator: '=~', value: '(' }] });
    expect(reply).toMatchObject({
      ok: false,
      error: { code: 'bad_request', message: expect.stringContaining('a=~"("') },
    });
  });
});

describe('a war room', () => {
  const alert = (): string => alerts.ref(web1).fingerprint;
  interface Presence {
    present: string[];
  }

  it('knows who is in it, over several tabs and lost connections', async () => {
    alerts.evaluate([web1]);
    const ana = await connected('/rooms', person('ana'));
    const presence = heard<Presence>(ana, 'room:presence');
    expect(await ask(ana, 'room:join', { alert: alert() })).toMatchObject({
      ok: true,
      alert: { labels: web1 },
      present: ['ana'],
    });
    const tabs = [await connected('/rooms', person('ben')), await connected('/rooms', person('ben'))];
    for (const tab of tabs)
      expect(await ask(tab, 'room:join', { alert: alert() })).toMatchObject({ present: ['ana', 'ben'] });
    tabs[0].disconnect();
    await ask(ana, 'typing:stop', { alert: alert() });
    // The transport is torn away without a word, as in a crash.
    (tabs[1] as unknown as { io: { engine: { close: () => void } } }).io.engine.close();
    const told = await presence.until((all) => all.length === 3);
    expect(told.map(({ present }) => present.join())).toEqual(['ana', 'ana,ben', 'ana']);
    expect(await ask(ana, 'room:leave', { alert: alert() })).toEqual({ ok: true });
  });

  it('keeps notes once, shows them to everybody and refuses them of viewers', async () => {
    alerts.evaluate([web1]);
    const ana = await connected('/rooms', person('ana'));
    const eve = await connected('/rooms', person('eve', 'viewer'));
    await ask(eve, 'room:join', { alert: alert() });
    const notes = heard<{ text: string }>(eve, 'note:added');
    const input = { alert: alert(), text: 'disk of @ben is full', requestId: 'n' };
    expect(await ask(eve, 'note:add', input)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    const first = await ask(ana, 'note:add', input);
    expect(first).toMatchObject({ ok: true, note: { by: 'ana', mentions: ['ben'] } });
    expect(await ask(ana, 'note:add', input)).toEqual(first);
    await ask(ana, 'note:add', { ...input, text: 'done', requestId: 'm' });
    expect((await notes.until((all) => all.length === 2)).map(({ text }) => text)).toEqual([
      'disk of @ben is full',
      'done',
    ]);
    const joined = await ask(ana, 'room:join', { alert: alert() });
    expect(joined).toMatchObject({ notes: [{ text: 'disk of @ben is full' }, { text: 'done' }] });
    const kinds = joined.ok ? joined.history.map(({ kind, actor }) => `${kind} ${actor}`) : [];
    expect(kinds).toEqual(['fired opsroom', 'opened eve', 'noted ana', 'noted ana', 'opened ana']);
  });

  it('shows who types until they stop, add their note or leave', async () => {
    const ana = await connected('/rooms', person('ana'));
    const ben = await connected('/rooms', person('ben'));
    const typing = heard<{ typing: string[] }>(ana, 'typing:changed');
    for (const client of [ana, ben]) await ask(client, 'room:join', { alert: alert() });
    await ask(ben, 'typing:start', { alert: alert() });
    await ask(ben, 'typing:start', { alert: alert() });
    await ask(ben, 'note:add', { alert: alert(), text: 'x', requestId: 'n' });
    await ask(ben, 'typing:start', { alert: alert() });
    ben.disconnect();
    const told = await typing.until((all) => all.length === 4);
    expect(told.map((change) => change.typing.join())).toEqual(['ben', '', 'ben', '']);
  });
});
