/** What was last told about a group to one notifier. Episodes are `fingerprint/episode`. */
export interface LogEntry {
  readonly sentMs: number;
  readonly firing: ReadonlySet<string>;
  readonly resolved: ReadonlySet<string>;
}
