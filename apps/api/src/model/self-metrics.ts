import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const NAME = /^opsroom_[a-z][a-z0-9_]*$/;

interface Description<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly L[];
}

/**
 * In: counters, gauges and histograms that other folders register, all named `opsroom_*`, beside this process's own.
 * Out: the text of `/metrics`, and the same numbers for the source that feeds them to the store.
 * Owns: one registry for each application, so that two of them in one test do not meet.
 */
@Injectable()
export class SelfMetrics {
  readonly registry = new Registry();
  private collectsProcess = false;

  /** Asking again for a name gives the metric that is there; with another kind it is an error. */
  counter<L extends string = never>(description: Description<L>): Counter<L> {
    return this.once(description.name, Counter<L>, () => new Counter<L>({ ...this.options(description) }));
  }

  /** `collect` runs before each reading, for values that are cheap to look up and tedious to keep. */
  gauge<L extends string = never>(
    description: Description<L> & { readonly collect?: (gauge: Gauge<L>) => void },
  ): Gauge<L> {
    const { collect } = description;
    return this.once(
      description.name,
      Gauge<L>,
      () =>
        new Gauge<L>({
          ...this.options(description),
          ...(collect && {
            collect(this: Gauge<L>) {
              collect(this);
            },
          }),
        }),
    );
  }

  /** `buckets` are upper bounds, ascending, in the unit that the name ends with. */
  histogram<L extends string = never>(
    description: Description<L> & { readonly buckets: readonly number[] },
  ): Histogram<L> {
    return this.once(
      description.name,
      Histogram<L>,
      () => new Histogram<L>({ ...this.options(description), buckets: [...description.buckets] }),
    );
  }

  /** Adds Node's and the process's own metrics (`process_*`, `nodejs_*`). Only the running server asks for it: it observes the collector. */
  collectProcess(): void {
    if (this.collectsProcess) return;
    this.collectsProcess = true;
    collectDefaultMetrics({ register: this.registry });
    // Gauges with a counter's name, which `promtool check metrics` refuses; the same by kind are there without the suffix.
    for (const kind of ['handles', 'requests', 'resources']) {
      this.registry.removeSingleMetric(`nodejs_active_${kind}_total`);
    }
  }

  /** Prometheus's text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  private options<L extends string>(description: Description<L>) {
    return {
      name: description.name,
      help: description.help,
      labelNames: [...(description.labelNames ?? [])],
      registers: [this.registry],
    };
  }

  private once<T extends object>(name: string, kind: new (...args: never[]) => T, make: () => T): T {
    if (!NAME.test(name)) throw new Error(`metric "${name}" must be named opsroom_ and lower-case words`);
    const existing: unknown = this.registry.getSingleMetric(name);
    if (existing === undefined) return make();
    if (!(existing instanceof kind)) throw new Error(`metric "${name}" is already registered as another kind`);
    return existing;
  }
}
