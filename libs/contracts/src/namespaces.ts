import type { Role } from './accounts.js';
import type { AlertHistoryEntry, AlertView, SilenceView } from './alerts.js';
import type { AlertsFrame, MetricsFrame } from './frames.js';
import type { MatcherSpec } from './matchers.js';
import type { Reply } from './replies.js';
import type { BackTest, RuleFilePlaces, RuleFileView, RuleProblem } from './rules.js';
import type { ServerStatus } from './status.js';
import type { Position, TopicSpec } from './topics.js';

/** A request of the shape `I` that is answered with `Reply<O>`. */
export type Request<I, O extends object = object> = (input: I, reply: (reply: Reply<O>) => void) => void;

export const NAMESPACES = { metrics: '/metrics', alerts: '/alerts', rooms: '/rooms', status: '/status' } as const;

/** What is said when a topic ends on the server's side. */
export interface TopicClosed {
  readonly topic: string;
  readonly reason: 'too_expensive' | 'failed' | 'shutdown';
  readonly message: string;
}

export interface MetricsSubscribeInput extends TopicSpec {
  readonly resume?: Position;
  /** Snapshot points per series that the watcher can show; more are thinned out, keeping minima and maxima. */
  readonly maxPoints?: number;
}

export interface MetricsSubscribed {
  readonly topic: string;
  /** The canonical text of the expression. */
  readonly expr: string;
  readonly position: Position;
  /** True: the frames missed since `resume` follow. False: a snapshot follows. */
  readonly recovered: boolean;
}

export interface MetricsRequests {
  'topic:subscribe': Request<MetricsSubscribeInput, MetricsSubscribed>;
  'topic:unsubscribe': Request<{ topic: string }>;
}

/** What a client says without waiting for a reply. */
export interface MetricsSignals {
  /** Credit: the watcher has processed every bundle up to `sequence`. It opts in with `auth.credit = true`. */
  'bundle:done': (sequence: number) => void;
}

export interface MetricsEvents {
  'topic:frame': (frame: MetricsFrame) => void;
  'topic:closed': (closed: TopicClosed) => void;
  /** Ends the frames of one tick, for watchers with credit. */
  'bundle:end': (sequence: number) => void;
}

export interface AlertsSubscribed {
  readonly topic: string;
  readonly position: Position;
  readonly recovered: boolean;
}

/** Names the episode that the act is meant for, so that it cannot hit a later one. */
export interface AlertRef {
  readonly fingerprint: string;
  readonly episode: string;
}

/** What became of each alert of a request, in the order of the request. */
export interface AlertOutcome extends AlertRef {
  readonly done: boolean;
  /** When not done: why. */
  readonly reason?: 'already_acknowledged' | 'not_acknowledged' | 'episode_over' | 'unknown_alert';
  /** With `already_acknowledged`: who has it. */
  readonly winner?: string;
}

export interface AcknowledgeInput {
  readonly alerts: readonly AlertRef[];
  readonly note?: string;
  readonly untilMs?: number;
  readonly untilWorse?: boolean;
  /** Take it over from whoever has it. */
  readonly takeOver?: boolean;
  /** The same id again gives the same answer and changes nothing. */
  readonly requestId: string;
}

export interface SilenceInput {
  /** Edits that silence when given. */
  readonly id?: string;
  readonly matchers: readonly MatcherSpec[];
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly comment: string;
  readonly requestId: string;
}

export interface AlertsRequests {
  'topic:subscribe': Request<{ matchers: readonly MatcherSpec[]; resume?: Position }, AlertsSubscribed>;
  'topic:unsubscribe': Request<{ topic: string }>;
  'alert:acknowledge': Request<AcknowledgeInput, { outcomes: readonly AlertOutcome[] }>;
  'alert:unacknowledge': Request<
    { alerts: readonly AlertRef[]; requestId: string },
    { outcomes: readonly AlertOutcome[] }
  >;
  'alert:assign': Request<
    { alerts: readonly AlertRef[]; assignee: string | null; requestId: string },
    { outcomes: readonly AlertOutcome[] }
  >;
  'alert:history': Request<{ fingerprint: string; limit?: number }, { entries: readonly AlertHistoryEntry[] }>;
  'silence:create': Request<SilenceInput, { silence: SilenceView }>;
  'silence:expire': Request<{ id: string; requestId: string }, { silence: SilenceView }>;
  'silence:list': Request<object, { silences: readonly SilenceView[] }>;
  /** How many alerts the matchers select now, before anything is made of them. */
  'silence:preview': Request<{ matchers: readonly MatcherSpec[] }, { matching: number; alerts: readonly AlertView[] }>;
  /** Everybody with an account, to assign alerts to and to mention. */
  'people:list': Request<object, { people: readonly { name: string; role: Role }[] }>;
  'rules:files': Request<object, { files: readonly RuleFileView[]; newFiles: RuleFilePlaces }>;
  /** What is wrong with a rule file's text, before it is written. */
  'rules:check': Request<{ name: string; text: string }, { problems: readonly RuleProblem[] }>;
  /** What the alerting rules of a text would have done in the last `windowMs`. */
  'rules:backtest': Request<{ name: string; text: string; windowMs: number }, BackTest>;
  /** Writes a rule file and puts its rules in force; refuses with `conflict` when somebody else has changed it meanwhile. */
  'rules:write': Request<{ name: string; text: string; version: string }, { file: RuleFileView }>;
  /** Makes a rule file and puts its rules in force; refuses with `conflict` a name that is taken. */
  'rules:create': Request<{ name: string; text: string }, { file: RuleFileView }>;
  /** Removes a rule file, and its rules from force; refuses with `conflict` when somebody else has changed it meanwhile. */
  'rules:remove': Request<{ name: string; version: string }>;
}

export interface AlertsEvents {
  'topic:frame': (frame: AlertsFrame) => void;
  'topic:closed': (closed: TopicClosed) => void;
  'silences:changed': (silences: readonly SilenceView[]) => void;
}

export interface Note {
  readonly id: number;
  readonly fingerprint: string;
  readonly by: string;
  readonly atMs: number;
  readonly text: string;
  readonly mentions: readonly string[];
}

export interface RoomsRequests {
  'room:join': Request<
    { alert: string },
    {
      alert: AlertView | null;
      notes: readonly Note[];
      history: readonly AlertHistoryEntry[];
      present: readonly string[];
    }
  >;
  'room:leave': Request<{ alert: string }>;
  'note:add': Request<{ alert: string; text: string; requestId: string }, { note: Note }>;
  'typing:start': Request<{ alert: string }>;
  'typing:stop': Request<{ alert: string }>;
}

export interface RoomsEvents {
  'room:presence': (presence: { alert: string; present: readonly string[] }) => void;
  'note:added': (note: Note) => void;
  'typing:changed': (typing: { alert: string; typing: readonly string[] }) => void;
}

export interface StatusRequests {
  'topic:subscribe': Request<object, { status: ServerStatus }>;
}

export interface StatusEvents {
  'status:changed': (status: ServerStatus) => void;
}

/** Requests, signals and events of each namespace, for typed sockets on both sides. */
export interface Namespaces {
  '/metrics': { requests: MetricsRequests; signals: MetricsSignals; events: MetricsEvents };
  '/alerts': { requests: AlertsRequests; signals: object; events: AlertsEvents };
  '/rooms': { requests: RoomsRequests; signals: object; events: RoomsEvents };
  '/status': { requests: StatusRequests; signals: object; events: StatusEvents };
}

export type NamespaceName = keyof Namespaces;

/** Names of a namespace's requests. */
export type RequestName<N extends NamespaceName> = keyof Namespaces[N]['requests'] & string;

/** What a request carries. */
export type RequestInput<N extends NamespaceName, E extends RequestName<N>> =
  Namespaces[N]['requests'][E] extends Request<infer I, infer _O> ? I : never;

/** What a request's reply holds beside `ok`. */
export type RequestOutput<N extends NamespaceName, E extends RequestName<N>> =
  Namespaces[N]['requests'][E] extends Request<infer _I, infer O> ? O : never;

/** Everything that a client may send to a namespace. */
export type ClientEvents<N extends NamespaceName> = Namespaces[N]['requests'] & Namespaces[N]['signals'];

/** Everything that the server may send to a client of a namespace. */
export type ServerEvents<N extends NamespaceName> = Namespaces[N]['events'];
