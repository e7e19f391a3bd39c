import { Labels } from '@opsroom/promql';
import type { Evaluation } from '../model/evaluation.js';
import type { AlertState } from './alert-state.js';
import { evaluationEvents } from './evaluation-events.js';

const START_MS = 1_700_000_000_000;
const labels = Labels.from({ alertname: 'Busy' });
const rule = {
  id: 'r',
  file: 'f',
  group: 'g',
  name: 'Busy',
  expr: 'x > 1',
  forMs: 0,
  keepFiringForMs: 0,
  intervalMs: 1000,
};

const state = (own: Partial<AlertState>): AlertState => ({
  fingerprint: labels.fingerprint,
  labels: labels.toObject(),
  annotations: {},
  origin: { kind: 'rule', file: 'f', group: 'g', expr: 'x > 1', health: 'ok' },
  ruleId: 'r',
  condition: 'firing',
  episode: 'e1',
  value: 2,
  activeAtMs: START_MS - 60_000,
  firedAtMs: START_MS - 30_000,
  evaluatedMs: START_MS - 5_000,
  flaps: 0,
  endsMs: [],
  ...own,
});

function kinds(known: AlertState, evaluation: Partial<Evaluation>): string[] {
  const book = { activeOf: () => new Set([known.fingerprint]), get: () => known };
  const outcome = { kind: 'vector' as const, elements: [], nodata: false };
  const events = evaluationEvents({ rule, atMs: START_MS + 1_000, outcome, ...evaluation }, book);
  return [...events].map(({ event }) => (event.kind === 'observed' ? event.observation.condition : event.kind));
}

const settling = { startedMs: START_MS };
const pending = { labels, annotations: {}, value: 2, condition: 'pending' as const, activeAtMs: START_MS + 900 };

describe('an evaluation after a start', () => {
  it.each<[string, Partial<AlertState>, Partial<Evaluation>, string[]]>([
    ['ends what it does not select', {}, {}, ['absent']],
    ['does not, while its windows reach over the downtime', {}, { settling }, []],
    ['ends what fired since the start', { firedAtMs: START_MS + 500 }, { settling }, ['absent']],
    ['ends what was only pending', { condition: 'pending' }, { settling }, ['absent']],
    [
      'leaves firing what it takes for pending',
      {},
      { settling, outcome: { kind: 'vector', elements: [pending], nodata: false } },
      ['firing'],
    ],
  ])('%s', (_, own, evaluation, expected) => {
    expect(kinds(state(own), evaluation)).toEqual(expected);
  });
});
