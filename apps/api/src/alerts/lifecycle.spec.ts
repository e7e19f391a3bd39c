import fc from 'fast-check';
import { type AlertState, defaultPolicy, type LifecyclePolicy, type Step } from './alert-state.js';
import { advance, type LifecycleEvent, type Observation } from './lifecycle.js';

const T = 1_700_000_000_000;
const MINUTE = 60_000;

const observation = (over: Partial<Observation> = {}): Observation => ({
  fingerprint: '0123456789abcdef',
  labels: { alertname: 'High', severity: 'warning' },
  annotations: {},
  origin: { kind: 'rule', file: 'f.yml', group: 'g', expr: 'x > 1', health: 'ok' },
  ruleId: 'f.yml;g;High;0',
  condition: 'firing',
  value: 1,
  activeAtMs: T,
  ...over,
});

/** Plays events one after the other and keeps what each did. */
class Life {
  state: AlertState | undefined;
  last: Step = { state: undefined };
  private episodes = 0;

  constructor(private readonly policy: LifecyclePolicy = defaultPolicy) {}

  play(event: LifecycleEvent): this {
    this.last = advance(this.state, event, this.policy, () => `e${++this.episodes}`);
    if ('state' in this.last) this.state = this.last.state;
    return this;
  }

  fire(atMs = T): this {
    return this.play({ kind: 'observed', atMs, observation: observation({ activeAtMs: atMs }) });
  }

  pend(atMs = T): this {
    return this.play({ kind: 'observed', atMs, observation: observation({ condition: 'pending', activeAtMs: atMs }) });
  }

  end(atMs = T): this {
    return this.play({ kind: 'absent', atMs });
  }

  ack(by: string, over: Partial<Extract<LifecycleEvent, { kind: 'acknowledge' }>> = {}): this {
    return this.play({ kind: 'acknowledge', atMs: T, by, episode: this.state?.episode ?? 'e1', note: '', ...over });
  }

  tick(atMs: number): this {
    return this.play({ kind: 'tick', atMs });
  }

  get told(): string {
    if ('refused' in this.last) return `refused ${this.last.refused}${this.last.winner ? ` ${this.last.winner}` : ''}`;
    return this.last.change?.history ?? this.last.change?.reason.kind ?? '';
  }

  get shown(): string {
    if (!this.state) return '-';
    const holder = this.state.acknowledgement ? ` ${this.state.acknowledgement.by}` : '';
    return `${this.state.condition} ${this.state.episode}${holder}`.trimEnd();
  }
}

const firing = (): Life => new Life().fire();
const resolved = (): Life => firing().end();
/** Fired and ended twice within the window: the next time it flaps. */
const restless = (): Life => resolved().fire().end();

describe('the condition of an alert', () => {
  it.each<[string, Life, string, string]>([
    ['none, observed pending', new Life().pend(), 'pending', 'pending'],
    ['none, observed firing', new Life().fire(), 'firing e1', 'fired'],
    ['pending, observed pending', new Life().pend().pend(), 'pending', ''],
    ['pending, observed firing', new Life().pend().fire(), 'firing e1', 'fired'],
    ['pending, observed firing while flapping', restless().pend().fire(), 'firing e2', 'flapped'],
    ['pending, absent', new Life().pend().end(), '-', 'dropped'],
    ['firing, observed firing', firing().fire(), 'firing e1', ''],
    ['firing, observed pending', firing().pend(), 'firing e1', ''],
    ['firing, absent', firing().end(), 'resolved e1', 'resolved'],
    [
      'firing, tick after expiry',
      new Life().play({ kind: 'observed', atMs: T, observation: observation({ expiresMs: T + 5 }) }).tick(T + 5),
      'resolved e1',
      'resolved',
    ],
    ['resolved, observed pending', resolved().pend(), 'pending', 'pending'],
    ['resolved, observed firing', resolved().fire(), 'firing e2', 'fired'],
    ['resolved, observed firing while flapping', restless().fire(), 'firing e2', 'flapped'],
    ['resolved, absent', resolved().end(), 'resolved e1', ''],
    ['resolved, tick after retention', resolved().tick(T + 15 * MINUTE), '-', 'forgotten'],
  ])('%s', (_, life, shown, told) => {
    expect(life.shown).toBe(shown);
    expect(life.told).toBe(told);
  });

  it('counts how often a flapping alert came back, and forgets after a quiet window', () => {
    const life = restless().fire().end().fire();
    expect(life.state?.flaps).toBe(2);
    life.end().fire(T + 20 * MINUTE);
    expect([life.shown, life.state?.flaps]).toEqual(['firing e3', 0]);
  });

  it('says that a value is new without an entry in the history', () => {
    const life = firing().play({ kind: 'observed', atMs: T + 1, observation: observation({ value: 2 }) });
    expect(life.told).toBe('value');
    expect(life.state?.value).toBe(2);
  });

  it('does not resolve before it fired when the clock is set back', () => {
    expect(firing().end(T - MINUTE).state?.resolvedAtMs).toBe(T);
  });
});

describe('the acknowledgement of an alert', () => {
  it.each<[string, Life, string, string]>([
    ['held by nobody, acknowledge', firing().ack('ana'), 'firing e1 ana', 'acknowledged'],
    ['held by the same, acknowledge', firing().ack('ana').ack('ana', { note: 'b' }), 'firing e1 ana', 'acknowledged'],
    [
      'held by another, acknowledge',
      firing().ack('ana').ack('ben'),
      'firing e1 ana',
      'refused already_acknowledged ana',
    ],
    ['held by another, take over', firing().ack('ana').ack('ben', { takeOver: true }), 'firing e1 ben', 'taken_over'],
    ['pending, acknowledge', new Life().pend().ack('ana'), 'pending', 'refused episode_over'],
    ['resolved, acknowledge', resolved().ack('ana'), 'resolved e1', 'refused episode_over'],
    [
      'another episode, acknowledge',
      resolved().fire().ack('ana', { episode: 'e1' }),
      'firing e2',
      'refused episode_over',
    ],
    [
      'held, unacknowledge',
      firing().ack('ana').play({ kind: 'unacknowledge', atMs: T, by: 'ben', episode: 'e1' }),
      'firing e1',
      'unacknowledged',
    ],
    [
      'held by nobody, unacknowledge',
      firing().play({ kind: 'unacknowledge', atMs: T, by: 'ben', episode: 'e1' }),
      'firing e1',
      'refused not_acknowledged',
    ],
    [
      'tick before untilMs',
      firing()
        .ack('ana', { untilMs: T + 5 })
        .tick(T + 4),
      'firing e1 ana',
      '',
    ],
    [
      'tick after untilMs',
      firing()
        .ack('ana', { untilMs: T + 5 })
        .tick(T + 5),
      'firing e1',
      'acknowledgement_expired',
    ],
    [
      'until worse, worsened',
      firing().ack('ana', { untilWorse: true }).play({ kind: 'worsened', atMs: T, severity: 'critical' }),
      'firing e1',
      'worsened',
    ],
    [
      'for good, worsened',
      firing().ack('ana').play({ kind: 'worsened', atMs: T, severity: 'critical' }),
      'firing e1 ana',
      '',
    ],
    [
      'tick after reminderMs',
      firing()
        .ack('ana')
        .tick(T + defaultPolicy.reminderMs),
      'firing e1 ana',
      'reminded',
    ],
    ['a new episode', firing().ack('ana').end().fire(), 'firing e2', 'fired'],
    ['an episode taken up again', resolved().fire().ack('ana').end().fire(), 'firing e2 ana', 'flapped'],
    ['resolved while held', firing().ack('ana').end(), 'resolved e1 ana', 'resolved'],
  ])('%s', (_, life, shown, told) => {
    expect(life.shown).toBe(shown);
    expect(life.told).toBe(told);
  });

  it('keeps who it is assigned to and says so', () => {
    const assign = (assignee: string | null): LifecycleEvent => ({
      kind: 'assign',
      atMs: T,
      by: 'ana',
      episode: 'e1',
      assignee,
    });
    const life = firing().play(assign('ben'));
    expect([life.state?.assignee, life.told]).toEqual(['ben', 'assigned']);
    expect(life.play(assign('ben')).told).toBe('');
    life.play(assign(null));
    expect([life.state?.assignee, life.told]).toEqual([undefined, 'unassigned']);
    expect(life.end().play(assign('ben')).told).toBe('refused episode_over');
  });

  it('reminds once per period', () => {
    const life = firing()
      .ack('ana')
      .tick(T + defaultPolicy.reminderMs);
    expect(life.tick(T + defaultPolicy.reminderMs + 1).told).toBe('');
    expect(life.tick(T + 2 * defaultPolicy.reminderMs).told).toBe('reminded');
  });
});

/** What the machine must agree with, in the fewest words: an independent model of the two axes. */
interface Model {
  condition: 'none' | 'pending' | 'firing' | 'resolved';
  holder: string | undefined;
  untilMs: number | undefined;
}

type Act =
  | { act: 'pend' | 'fire' | 'end' | 'tick' | 'restart' }
  | { act: 'ack'; by: string; untilMs: number | undefined; takeOver: boolean; stale: boolean }
  | { act: 'unack'; by: string };

const person = fc.constantFrom('ana', 'ben');
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constantFrom('pend' as const, 'fire' as const, 'end' as const, 'tick' as const, 'restart' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('ack' as const),
      by: person,
      untilMs: fc.option(fc.integer({ min: 1, max: 5 * MINUTE }), { nil: undefined }),
      takeOver: fc.boolean(),
      stale: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('unack' as const), by: person }) },
);

describe('any sequence of events', () => {
  it('agrees with the model, whatever the clock does and wherever the server restarts', () => {
    const policy: LifecyclePolicy = {
      ...defaultPolicy,
      flapEnds: Infinity,
      reminderMs: 0,
      resolvedRetentionMs: 10 * MINUTE,
    };
    // Steps of the clock; a negative one is an administrator or NTP setting it back.
    const step = fc.oneof(fc.integer({ min: 0, max: 3 * MINUTE }), fc.integer({ min: -MINUTE, max: 0 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(act, step), { maxLength: 60 }), (acts) => {
        const life = new Life(policy);
        const model: Model = { condition: 'none', holder: undefined, untilMs: undefined };
        let nowMs = T;
        let resolvedMs = 0;
        let firedMs = 0;
        for (const [next, stepMs] of acts) {
          nowMs += stepMs;
          const before = life.state;
          switch (next.act) {
            case 'pend':
              life.pend(nowMs);
              if (model.condition !== 'firing') Object.assign(model, { condition: 'pending', holder: undefined });
              break;
            case 'fire':
              life.fire(nowMs);
              if (model.condition !== 'firing') {
                Object.assign(model, { condition: 'firing', holder: undefined });
                firedMs = nowMs;
              }
              break;
            case 'end':
              life.end(nowMs);
              if (model.condition === 'firing') {
                model.condition = 'resolved';
                resolvedMs = Math.max(nowMs, firedMs);
              } else if (model.condition === 'pending') model.condition = 'none';
              break;
            case 'tick':
              life.tick(nowMs);
              if (model.condition === 'resolved' && nowMs >= resolvedMs + policy.resolvedRetentionMs)
                model.condition = 'none';
              if (model.condition === 'firing' && model.holder && model.untilMs !== undefined && nowMs >= model.untilMs)
                model.holder = undefined;
              break;
            case 'restart':
              // Everything that is kept survives its form in the database.
              if (life.state) life.state = JSON.parse(JSON.stringify(life.state)) as AlertState;
              break;
            case 'ack': {
              const untilMs = next.untilMs === undefined ? undefined : nowMs + next.untilMs;
              const episode = next.stale ? 'e0' : (life.state?.episode ?? 'e0');
              life.play({
                kind: 'acknowledge',
                atMs: nowMs,
                by: next.by,
                episode,
                note: '',
                untilMs,
                takeOver: next.takeOver,
              });
              if (
                model.condition === 'firing' &&
                !next.stale &&
                (!model.holder || model.holder === next.by || next.takeOver)
              ) {
                Object.assign(model, { holder: next.by, untilMs });
              } else expect(life.told).toMatch(/^refused/);
              break;
            }
            default:
              life.play({ kind: 'unacknowledge', atMs: nowMs, by: next.by, episode: life.state?.episode ?? 'e0' });
              if (model.condition === 'firing') model.holder = undefined;
          }
          const state = life.state;
          expect(state?.condition ?? 'none').toBe(model.condition);
          if (model.condition === 'firing') expect(state?.acknowledgement?.by).toBe(model.holder);
          if (state) {
            expect(state.episode === '').toBe(state.condition === 'pending');
            if (state.condition === 'pending') expect(state.acknowledgement).toBeUndefined();
            if (state.condition === 'resolved')
              expect(state.resolvedAtMs).toBeGreaterThanOrEqual(state.firedAtMs ?? Infinity);
            const begun = state.condition === 'firing' && before?.condition !== 'firing';
            if (begun) expect(state.episode).not.toBe(before?.episode ?? '');
          }
        }
      }),
      { numRuns: 400 },
    );
  });
});
