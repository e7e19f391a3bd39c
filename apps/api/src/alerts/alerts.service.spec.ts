import { Labels } from '@opsroom/promql';
import { AlertsBench, rule } from './alerts.fixture.js';

const web1 = { alertname: 'High', instance: 'web-1', severity: 'warning' };
const web2 = { alertname: 'High', instance: 'web-2', severity: 'warning' };
const ana = { name: 'ana', address: '10.0.0.7' };
const ben = { name: 'ben' };

describe('alerts', () => {
  let bench: ReturnType<typeof AlertsBench.memory>;
  const view = (labels: Record<string, string>) => bench.alerts.view(Labels.from(labels).fingerprint);
  const kinds = (labels: Record<string, string>) =>
    bench.alerts.history(Labels.from(labels).fingerprint).map((entry) => entry.kind);
  let request = 0;
  const acknowledge = (labels: Record<string, string>, actor: { name: string } = ana, more: object = {}) =>
    bench.alerts.acknowledge({ alerts: [bench.ref(labels)], requestId: `q${++request}`, ...more }, actor)[0];

  beforeEach(() => {
    bench = AlertsBench.memory();
  });
  afterEach(() => bench.close());

  it('fires with an evaluation and resolves with the next one that does not select it', () => {
    bench.evaluate([web1, web2]);
    bench.evaluate([web1]);
    expect([view(web1)?.condition, view(web2)?.condition]).toEqual(['firing', 'resolved']);
    expect(bench.transitions.map((t) => t.reason)).toEqual([
      { kind: 'condition', from: 'inactive', to: 'firing' },
      { kind: 'condition', from: 'inactive', to: 'firing' },
      { kind: 'condition', from: 'firing', to: 'resolved' },
    ]);
    expect(kinds(web2)).toEqual(['fired', 'resolved']);
  });

  it('gives all histories as one, newest first, by kind and by person', () => {
    bench.evaluate([web1, web2]);
    acknowledge(web1);
    acknowledge(web2, ben);
    const told = (...parameters: Parameters<typeof bench.alerts.audit>) =>
      bench.alerts.audit(...parameters).map((entry) => `${entry.actor} ${entry.kind}`);
    expect(told(3)).toEqual(['ben acknowledged', 'ana acknowledged', 'opsroom fired']);
    expect(told(9, undefined, { actor: 'ana' })).toEqual(['ana acknowledged']);
    expect(told(9, undefined, { kinds: ['fired', 'resolved'] })).toEqual(['opsroom fired', 'opsroom fired']);
    const [, second] = bench.alerts.audit();
    expect(told(9, second.id, { kinds: ['acknowledged'] })).toEqual([]);
  });

  it('leaves the alerts of other rules alone', () => {
    bench.evaluate([web1]);
    bench.evaluate([], { rule: { ...rule, id: 'other' } });
    expect(view(web1)?.condition).toBe('firing');
  });

  it('forgets a resolved alert after a quarter of an hour, and its history never', () => {
    bench.evaluate([web1]);
    bench.evaluate([]);
    bench.clock.advance(15 * 60_000 + 1_000);
    expect(view(web1)).toBeUndefined();
    expect(bench.transitions.at(-1)).toMatchObject({ current: undefined, reason: { kind: 'forgotten' } });
    expect(kinds(web1)).toEqual(['fired', 'resolved']);
  });

  it('keeps alerts as they are when their rule fails, and says so', () => {
    bench.evaluate([web1]);
    bench.rules.evaluations.next({ rule, atMs: bench.clock.nowMs(), outcome: { kind: 'error', message: 'timeout' } });
    expect(view(web1)).toMatchObject({ condition: 'firing', origin: { health: 'error' } });
    bench.evaluate([web1]);
    expect(view(web1)).toMatchObject({ origin: { health: 'ok' } });
  });

  it('tells new values once', () => {
    bench.evaluate([web1], { value: 3 });
    bench.evaluate([web1], { value: 4 });
    bench.evaluate([web1], { value: 4 });
    expect(bench.transitions.map((t) => t.reason.kind)).toEqual(['condition', 'value']);
    expect(view(web1)).toMatchObject({ value: 4, annotations: { summary: 'value 4' } });
  });

  it('acknowledges a thousand alerts in one request, with a note and who it was', () => {
    const many = Array.from({ length: 1000 }, (_, i) => ({ alertname: 'High', instance: `n${i}` }));
    bench.evaluate(many);
    const outcomes = bench.alerts.acknowledge(
      { alerts: many.map((l) => bench.ref(l)), note: 'switch', requestId: 'q' },
      ana,
    );
    expect(outcomes.filter((outcome) => outcome.done)).toHaveLength(1000);
    expect(view(many[999])?.acknowledgement).toMatchObject({ by: 'ana', note: 'switch' });
    expect(bench.alerts.history(bench.ref(many[0]).fingerprint).at(-1)).toMatchObject({
      kind: 'acknowledged',
      actor: 'ana',
      address: '10.0.0.7',
      detail: 'switch',
    });
  });

  it('names one winner to both when two acknowledge at once', () => {
    bench.evaluate([web1]);
    expect(acknowledge(web1, ana)).toMatchObject({ done: true });
    expect(acknowledge(web1, ben)).toMatchObject({ done: false, reason: 'already_acknowledged', winner: 'ana' });
    expect(view(web1)?.acknowledgement?.by).toBe('ana');
    expect(acknowledge(web1, ben, { takeOver: true })).toMatchObject({ done: true });
    expect(view(web1)?.acknowledgement?.by).toBe('ben');
  });

  it('does not acknowledge what resolved meanwhile, nor an episode that is over', () => {
    bench.evaluate([web1]);
    const ref = bench.ref(web1);
    bench.evaluate([]);
    expect(acknowledge(web1)).toMatchObject({ done: false, reason: 'episode_over' });
    expect(view(web1)?.condition).toBe('resolved');
    bench.evaluate([web1]);
    const [late] = bench.alerts.acknowledge({ alerts: [ref], requestId: 'late' }, ana);
    expect(late).toMatchObject({ done: false, reason: 'episode_over' });
    expect(view(web1)?.acknowledgement).toBeUndefined();
  });

  it('says that it does not know an alert', () => {
    const [outcome] = bench.alerts.acknowledge(
      { alerts: [{ fingerprint: '0'.repeat(16), episode: 'e' }], requestId: 'q' },
      ana,
    );
    expect(outcome).toMatchObject({ done: false, reason: 'unknown_alert' });
  });

  it('gives the same answer to the same request id and changes nothing', () => {
    bench.evaluate([web1]);
    const input = { alerts: [bench.ref(web1)], requestId: 'same' };
    const first = bench.alerts.acknowledge(input, ana);
    bench.alerts.unacknowledge({ ...input, requestId: 'undo' }, ana);
    expect(bench.alerts.acknowledge(input, ana)).toEqual(first);
    expect(view(web1)?.acknowledgement).toBeUndefined();
    expect(kinds(web1)).toEqual(['fired', 'acknowledged', 'unacknowledged']);
  });

  it('ends an acknowledgement at its time', () => {
    bench.evaluate([web1]);
    acknowledge(web1, ana, { untilMs: bench.clock.nowMs() + 30_000 });
    bench.clock.advance(29_000);
    expect(view(web1)?.acknowledgement).toBeDefined();
    bench.clock.advance(2_000);
    expect(view(web1)?.acknowledgement).toBeUndefined();
    expect(bench.transitions.at(-1)?.reason.kind).toBe('acknowledgement_expired');
  });

  it('refuses an acknowledgement that has ended before it begins', () => {
    bench.evaluate([web1]);
    expect(() => acknowledge(web1, ana, { untilMs: bench.clock.nowMs() })).toThrow('untilMs lies in the past');
  });

  it('ends an acknowledgement until worse when the same alert fires with a higher severity', () => {
    bench.evaluate([web1]);
    acknowledge(web1, ana, { untilWorse: true });
    bench.evaluate([{ ...web1, severity: 'info' }], { rule: { ...rule, id: 'info' } });
    expect(view(web1)?.acknowledgement).toBeDefined();
    bench.evaluate([{ ...web1, severity: 'critical' }], { rule: { ...rule, id: 'critical' } });
    expect(view(web1)?.acknowledgement).toBeUndefined();
    expect(kinds(web1)).toEqual(['fired', 'acknowledged', 'worsened']);
  });

  it('reminds of an acknowledged alert that fires on', () => {
    bench.evaluate([web1]);
    acknowledge(web1);
    bench.clock.advance(4 * 3_600_000 + 1_000);
    expect(bench.transitions.at(-1)?.reason.kind).toBe('reminded');
  });

  it('assigns to a person and takes it back', () => {
    bench.evaluate([web1]);
    bench.alerts.assign({ alerts: [bench.ref(web1)], assignee: 'ben', requestId: 'a' }, ana);
    expect(view(web1)?.assignee).toBe('ben');
    bench.alerts.assign({ alerts: [bench.ref(web1)], assignee: null, requestId: 'b' }, ana);
    expect(view(web1)?.assignee).toBeUndefined();
  });

  it('notes who looked, once per episode', () => {
    bench.evaluate([web1]);
    const { fingerprint } = bench.ref(web1);
    bench.alerts.opened(fingerprint, ana);
    bench.alerts.opened(fingerprint, ana);
    bench.alerts.opened(fingerprint, ben);
    expect(kinds(web1)).toEqual(['fired', 'opened', 'opened']);
  });

  it('keeps a note once for each request, with those whom it mentions', () => {
    bench.evaluate([web1]);
    const input = { alert: bench.ref(web1).fingerprint, text: ' ask @ben and @c.d, not me@x.org ', requestId: 'n' };
    const first = bench.notes.add(input, ana);
    expect(first.note).toMatchObject({ by: 'ana', text: 'ask @ben and @c.d, not me@x.org', mentions: ['ben', 'c.d'] });
    expect(bench.notes.add(input, ana)).toEqual({ note: first.note, repeated: true });
    expect(bench.notes.list(input.alert)).toEqual([first.note]);
    expect(kinds(web1)).toEqual(['fired', 'noted']);
  });

  it('does not let anybody rewrite the history', () => {
    bench.evaluate([web1]);
    expect(() => bench.database.statement("UPDATE alert_history SET actor = 'eve'").run()).toThrow('append-only');
    expect(() => bench.database.statement('DELETE FROM alert_history').run()).toThrow('append-only');
  });
});

describe('alerts after a restart', () => {
  it('are as they were: condition, acknowledgement, silences, answers to requests', () => {
    const before = AlertsBench.memory();
    before.evaluate([web1, web2], { value: NaN });
    const input = { alerts: [before.ref(web1)], note: 'mine', requestId: 'q' };
    const outcomes = before.alerts.acknowledge(input, ana);
    before.silences.set(
      {
        matchers: [{ name: 'instance', operator: '=', value: 'web-2' }],
        startsAtMs: 0,
        endsAtMs: before.clock.nowMs() + 60_000,
        comment: 'c',
        requestId: 's',
      },
      ana,
    );
    const views = before.alerts.select([]);
    // No shutdown: a killed process closes nothing.
    const after = new AlertsBench(before.clock, before.database);
    expect(after.alerts.select([])).toEqual(views);
    expect(after.alerts.acknowledge(input, ana)).toEqual(outcomes);
    after.evaluate([web1, web2], { value: NaN });
    expect(after.transitions).toEqual([]);
    after.close();
  });

  it('resolve when their rule is gone', () => {
    const before = AlertsBench.memory();
    before.evaluate([web1]);
    class Renamed extends AlertsBench {}
    const after = new Renamed(before.clock, before.database);
    expect(after.alerts.select([])[0].condition).toBe('firing');
    after.rules.ids.clear();
    after.alerts.onApplicationBootstrap();
    expect(after.alerts.select([])[0].condition).toBe('resolved');
    after.close();
  });
});

describe('received alerts', () => {
  const sent = {
    labels: { alertname: 'Far', job: 'x' },
    annotations: { summary: 's' },
    generatorUrl: 'http://p/graph',
  };
  let bench: ReturnType<typeof AlertsBench.memory>;
  beforeEach(() => {
    bench = AlertsBench.memory({ resolveTimeoutMs: 300_000 });
  });
  afterEach(() => bench.close());
  const condition = () => bench.alerts.select([])[0]?.condition;

  it('fire, are kept alive by being sent again and resolve when nobody does', () => {
    bench.alerts.receive([sent]);
    bench.clock.advance(200_000);
    bench.alerts.receive([sent]);
    bench.clock.advance(299_000);
    expect(condition()).toBe('firing');
    bench.clock.advance(2_000);
    expect(condition()).toBe('resolved');
    expect(bench.transitions.map((t) => t.reason.kind)).toEqual(['condition', 'condition']);
  });

  it('resolve at the end that the sender gives', () => {
    const nowMs = bench.clock.nowMs();
    bench.alerts.receive([{ ...sent, startsAtMs: nowMs - 5_000, endsAtMs: nowMs + 60_000 }]);
    expect(bench.alerts.select([])[0]).toMatchObject({
      activeAtMs: nowMs - 5_000,
      value: null,
      origin: { kind: 'received' },
    });
    bench.alerts.receive([{ ...sent, endsAtMs: nowMs - 1 }]);
    expect(condition()).toBe('resolved');
  });

  it('do not take over an alert that a rule of this server has', () => {
    bench.evaluate([sent.labels]);
    bench.alerts.receive([{ ...sent, endsAtMs: 1 }]);
    expect(bench.alerts.select([])[0]).toMatchObject({ condition: 'firing', origin: { kind: 'rule' } });
  });
});
