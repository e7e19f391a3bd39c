import type {
  MatcherSpec,
  NamespaceName,
  Reply,
  RequestInput,
  RequestName,
  RequestOutput,
  ServerEvents,
} from '@opsroom/contracts';
import { Observable } from 'rxjs';
import { type AlertsState, AlertsTopics } from './alerts-topics.js';
import { Connection, type ConnectionState } from './connection.js';
import type { MetricsTopicSpec, TopicState } from './metrics-topic.js';
import { MetricsTopics, type Watch } from './metrics-topics.js';
import type { ConnectOptions } from './options.js';

/** A connection to a server: topics to watch and requests to make. It reconnects and resumes by itself until it is closed. */
export class OpsroomClient {
  private readonly connection: Connection;
  private readonly metrics: MetricsTopics;
  private readonly alerts: AlertsTopics;
  /** How the connection fares; starts with the present state. */
  readonly connection$: Observable<ConnectionState>;

  constructor(options: ConnectOptions) {
    this.connection = new Connection(options);
    this.metrics = new MetricsTopics(this.connection);
    this.alerts = new AlertsTopics(this.connection);
    this.connection$ = this.connection.state$;
  }

  /** Calls `listener` with the topic's state now, after every frame, and when its health changes. */
  watchTopic(spec: MetricsTopicSpec, listener: (state: TopicState) => void): Watch {
    return this.metrics.watch(spec, listener);
  }

  /**
   * The same as a stream: watched while subscribed to. `interest$` says whether anybody looks (a panel on screen, a visible
   * tab); while it is false nothing is sent and the position is kept.
   */
  topic$(spec: MetricsTopicSpec, interest$?: Observable<boolean>): Observable<TopicState> {
    return new Observable((subscriber) => {
      const watch = this.metrics.watch(spec, (state) => subscriber.next(state));
      const interest = interest$?.subscribe({
        next: (interested) => (interested ? watch.resume() : watch.pause()),
        error: (error: unknown) => subscriber.error(error),
      });
      return () => {
        interest?.unsubscribe();
        watch.close();
      };
    });
  }

  /** Calls `listener` with the alerts that all matchers select, now and after every change. No matchers: all alerts. */
  watchAlerts(matchers: readonly MatcherSpec[], listener: (state: AlertsState) => void): { close(): void } {
    return this.alerts.watch(matchers, listener);
  }

  alerts$(matchers: readonly MatcherSpec[] = []): Observable<AlertsState> {
    return new Observable((subscriber) => {
      const watch = this.alerts.watch(matchers, (state) => subscriber.next(state));
      return () => watch.close();
    });
  }

  /** Sends a request of the contract. Never rejects: what goes wrong is in the reply. */
  request<N extends NamespaceName, E extends RequestName<N>>(
    namespace: N,
    event: E,
    input: RequestInput<N, E>,
  ): Promise<Reply<RequestOutput<N, E>>> {
    return this.connection.request(namespace, event, input);
  }

  /** Events of a namespace that belong to no topic (presence, notes, status). */
  events$<N extends NamespaceName, E extends keyof ServerEvents<N> & string>(
    namespace: N,
    event: E,
  ): Observable<ServerEvents<N>[E] extends (payload: infer P) => void ? P : never> {
    return this.connection.events$(namespace, event);
  }

  /** Emits each time that the namespace is connected, at once if it is: for what must be asked again after a loss. */
  connected$(namespace: NamespaceName): Observable<void> {
    return this.connection.connected$(namespace);
  }

  /** The server's time in ms since 1970, as well as the frames tell; local time before any came. */
  serverNowMs(): number {
    return this.metrics.serverNowMs();
  }

  /** Tries again at once, for instance after a login. */
  reconnect(): void {
    this.connection.reconnect();
  }

  close(): void {
    this.metrics.close();
    this.alerts.close();
    this.connection.close();
  }
}

/** Connects to an Opsroom server. Nothing is sent before something is asked for. */
export function connect(options: ConnectOptions = {}): OpsroomClient {
  return new OpsroomClient(options);
}
