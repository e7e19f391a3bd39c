import type { MatcherSpec } from '@opsroom/contracts';
import { AlertsBench } from './alerts.fixture.js';

const ana = { name: 'ana' };
const web1 = { alertname: 'High', instance: 'web-1' };
const web2 = { alertname: 'High', instance: 'web-2' };
const equals = (name: string, value: string): MatcherSpec => ({ name, operator: '=', value });

describe('silences', () => {
  let bench: ReturnType<typeof AlertsBench.memory>;
  let request = 0;
  const draft = (over: object = {}) => ({
    matchers: [equals('instance', 'web-1')],
    startsAtMs: bench.clock.nowMs(),
    endsAtMs: bench.clock.nowMs() + 60_000,
    comment: 'maintenance',
    requestId: `s${++request}`,
    ...over,
  });
  const suppressed = (labels: Record<string, string>) => bench.alerts.view(bench.ref(labels).fingerprint)?.suppressedBy;

  beforeEach(() => {
    bench = AlertsBench.memory();
    bench.evaluate([web1, web2]);
    bench.transitions.length = 0;
  });
  afterEach(() => bench.close());

  it('suppress what they match, say by what, and tell so', () => {
    const silence = bench.silences.set(draft(), ana);
    expect(silence).toMatchObject({ state: 'active', matching: 1, createdBy: 'ana' });
    expect(suppressed(web1)).toEqual([{ kind: 'silence', silenceId: silence.id }]);
    expect(suppressed(web2)).toEqual([]);
    expect(bench.transitions.map((t) => t.reason.kind)).toEqual(['silenced']);
  });

  it('may say only what a label is not', () => {
    const others: MatcherSpec = { name: 'instance', operator: '!=', value: 'web-1' };
    expect(bench.silences.set(draft({ matchers: [others] }), ana)).toMatchObject({ matching: 1 });
    expect(() => bench.silences.set(draft({ matchers: [{ ...others, operator: '=~', value: '.*' }] }), ana)).toThrow(
      'match every alert',
    );
  });

  it('are listed with what is next first', () => {
    const at = (startMs: number, endMs: number): string => {
      const nowMs = bench.clock.nowMs();
      return bench.silences.set(draft({ startsAtMs: nowMs + startMs, endsAtMs: nowMs + endMs }), ana).id;
    };
    const [old, older] = [at(0, 2_000), at(0, 1_000)];
    bench.clock.advance(5_000);
    const [long, short, late, soon] = [at(0, 90_000), at(0, 60_000), at(20_000, 30_000), at(10_000, 80_000)];
    expect(bench.silences.list().map(({ id }) => id)).toEqual([short, long, soon, late, old, older]);
  });

  it('match with regular expressions and negations, anchored', () => {
    expect(bench.silences.preview([{ name: 'instance', operator: '=~', value: 'web' }])).toHaveLength(0);
    expect(bench.silences.preview([{ name: 'instance', operator: '=~', value: 'web-.' }])).toHaveLength(2);
    expect(bench.silences.preview([{ name: 'instance', operator: '!=', value: 'web-1' }])).toHaveLength(1);
    expect(
      bench.silences.preview([{ name: 'instance', operator: '!~', value: '.*-2' }, equals('alertname', 'High')]),
    ).toHaveLength(1);
  });

  it('also suppress what fires later, and end by themselves', () => {
    bench.silences.set(draft({ matchers: [equals('instance', 'web-3')] }), ana);
    bench.evaluate([{ alertname: 'High', instance: 'web-3' }]);
    const web3 = { alertname: 'High', instance: 'web-3' };
    expect(suppressed(web3)).toHaveLength(1);
    bench.clock.advance(61_000);
    expect(suppressed(web3)).toEqual([]);
    expect(bench.transitions.at(-1)?.reason.kind).toBe('unsilenced');
  });

  it('begin at their time', () => {
    bench.silences.set(draft({ startsAtMs: bench.clock.nowMs() + 10_000 }), ana);
    expect(suppressed(web1)).toEqual([]);
    bench.clock.advance(11_000);
    expect(suppressed(web1)).toHaveLength(1);
  });

  it('can be expired, once', () => {
    const { id } = bench.silences.set(draft(), ana);
    expect(bench.silences.expire(id, ana, 'x')).toMatchObject({ state: 'expired' });
    expect(suppressed(web1)).toEqual([]);
    expect(bench.silences.expire(id, ana, 'x')).toMatchObject({ state: 'expired' });
    expect(() => bench.silences.expire(id, ana, 'y')).toThrow('already over');
    expect(() => bench.silences.expire('nope', ana, 'z')).toThrow('there is no silence nope');
  });

  it('keep their id when only the end or the comment changes, and get a new one when the matchers do', () => {
    const first = bench.silences.set(draft(), ana);
    const longer = bench.silences.set(draft({ id: first.id, endsAtMs: bench.clock.nowMs() + 120_000 }), ana);
    expect(longer.id).toBe(first.id);
    const other = bench.silences.set(draft({ id: first.id, matchers: [equals('instance', 'web-2')] }), ana);
    expect(other.id).not.toBe(first.id);
    expect(bench.silences.get(first.id)?.state).toBe('expired');
    expect([suppressed(web1), suppressed(web2)]).toEqual([[], [{ kind: 'silence', silenceId: other.id }]]);
  });

  it('are made once for each request id', () => {
    const input = draft();
    const first = bench.silences.set(input, ana);
    expect(bench.silences.set(input, ana).id).toBe(first.id);
    expect(bench.silences.list()).toHaveLength(1);
  });

  it.each<[string, object]>([
    ['must not match the empty string', { matchers: [{ name: 'a', operator: '=~', value: '.*' }] }],
    ['needs a comment', { comment: ' ' }],
    ['must end after it starts', { endsAtMs: 0 }],
    ['must end in the future', { startsAtMs: 1, endsAtMs: 2 }],
    ['bad regular expression', { matchers: [{ name: 'a', operator: '=~', value: '(' }] }],
    ['there is no silence', { id: 'nope' }],
  ])('are refused when they make no sense: %s', (said, over) => {
    expect(() => bench.silences.set(draft(over), ana)).toThrow(said);
    expect(bench.silences.list()).toEqual([]);
  });

  it('are listed with the active ones first and dropped days after their end', () => {
    const soon = bench.silences.set(draft({ startsAtMs: bench.clock.nowMs() + 5_000 }), ana);
    const now = bench.silences.set(draft(), ana);
    expect(bench.silences.list().map((s) => s.id)).toEqual([now.id, soon.id]);
    bench.clock.set(bench.clock.nowMs() + 6 * 86_400_000);
    bench.silences.refresh();
    expect(bench.silences.list()).toEqual([]);
  });
});

describe('inhibition', () => {
  const rules = {
    inhibitRules: [
      {
        sourceMatchers: [equals('severity', 'critical')],
        targetMatchers: [equals('severity', 'warning')],
        equal: ['instance'],
        parentLabels: {},
      },
    ],
  };

  it('suppresses targets with equal labels while a source fires, and says by which', () => {
    const bench = AlertsBench.memory(rules);
    const source = { alertname: 'Down', instance: 'a', severity: 'critical' };
    const target = { alertname: 'Slow', instance: 'a', severity: 'warning' };
    const elsewhere = { alertname: 'Slow', instance: 'b', severity: 'warning' };
    const by = (labels: Record<string, string>) => bench.alerts.view(bench.ref(labels).fingerprint)?.suppressedBy;
    bench.evaluate([target, elsewhere]);
    expect(by(target)).toEqual([]);
    bench.evaluate([target, elsewhere, source]);
    expect(by(target)).toEqual([{ kind: 'inhibition', bySource: bench.ref(source).fingerprint }]);
    expect([by(elsewhere), by(source)]).toEqual([[], []]);
    bench.evaluate([target, elsewhere]);
    expect(by(target)).toEqual([]);
    expect(bench.transitions.map((t) => t.reason.kind).slice(2)).toEqual([
      'condition',
      'inhibited',
      'condition',
      'uninhibited',
    ]);
    bench.close();
  });

  it('does not let alerts that are both source and target inhibit each other', () => {
    const both = [equals('severity', 'critical')];
    const bench = AlertsBench.memory({
      inhibitRules: [{ sourceMatchers: both, targetMatchers: both, equal: [], parentLabels: {} }],
    });
    bench.evaluate([
      { alertname: 'A', severity: 'critical' },
      { alertname: 'B', severity: 'critical' },
    ]);
    expect(bench.alerts.select([]).flatMap((view) => view.suppressedBy)).toEqual([]);
    bench.close();
  });
});
