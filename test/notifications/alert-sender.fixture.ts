/** A sender that never gives up: posts each alert to `/api/v2/alerts` until it is answered, over any number of kills. */
export class AlertSender {
  private stopped = false;
  /** Names whose beginning was answered with 200; of those, which were ended later. */
  readonly begun = new Set<string>();
  readonly ended = new Set<string>();
  /** Names that were over before they were sent at all. */
  readonly over = new Set<string>();
  /** Posts that had to be repeated since no answer came. */
  repeated = 0;

  /** `isTold`: whether anybody has heard of the alert by now. */
  constructor(
    private readonly url: string,
    private readonly isTold: (name: string) => boolean,
  ) {}

  /** Posts one alert after the other until `stop`; each third one ends as soon as it was told, each tenth is over before it is sent. */
  async run(prefix: string): Promise<void> {
    for (let i = 0; !this.stopped; i++) {
      const name = `${prefix}${i}`;
      if (i % 10 === 9) {
        await this.post(name, { startsAt: minutesAgo(10), endsAt: minutesAgo(5) });
        this.over.add(name);
      } else {
        await this.post(name, {});
        this.begun.add(name);
        if (i % 3 === 0) await this.end(name);
      }
      await pause(10);
    }
  }

  stop(): void {
    this.stopped = true;
  }

  private async end(name: string): Promise<void> {
    while (!this.isTold(name)) await pause(10);
    await this.post(name, { endsAt: new Date().toISOString() });
    this.ended.add(name);
  }

  private async post(name: string, times: { readonly startsAt?: string; readonly endsAt?: string }): Promise<void> {
    for (;;) {
      const answer = await fetch(`${this.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ labels: { alertname: name }, ...times }]),
        signal: AbortSignal.timeout(2000),
      }).catch(() => undefined);
      if (answer?.status === 200) return;
      if (answer) throw new Error(`the server answered ${answer.status}: ${await answer.text()}`);
      this.repeated++;
      await pause(20);
    }
  }
}

function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
