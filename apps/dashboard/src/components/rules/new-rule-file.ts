import type { RuleFilePlace } from '@opsroom/contracts';

/** The whole name of a new file from what somebody typed: the place's folder before it, the pattern's ending after it. */
export function newFileName({ folder, pattern }: RuleFilePlace, typed: string): string {
  const own = typed.trim();
  const ending = /^\*([^*?[]+)$/.exec(pattern)?.[1] ?? '';
  return own === '' ? '' : folder + (own.endsWith(ending) ? own : own + ending);
}

/** What a new file begins with: an empty group, and the shape of a rule for whoever has never written one. */
export function newFileText(name: string): string {
  const group = /([^/]*?)(?:\.[^./]*)?$/.exec(name)?.[1] ?? '';
  return `groups:
  - name: ${JSON.stringify(group)}
    rules:
      # - alert: QueueGrows
      #   expr: queue_length > 100
      #   for: 5m
      #   labels: { severity: warning }
      #   annotations: { summary: '{{ $labels.queue }} holds {{ $value }} messages' }
`;
}
