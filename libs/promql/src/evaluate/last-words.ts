import type { Annotation, AnnotationSet } from './annotations.js';

/** Of what an operator has to say at one step, Prometheus passes on the last. */
export class LastWords {
  private readonly byStep = new Map<number, Annotation>();

  constructor(private readonly annotations: AnnotationSet) {}

  say(step: number, words: readonly Annotation[]): void {
    const last = words.at(-1);
    if (last !== undefined) this.byStep.set(step, last);
  }

  speak(): void {
    for (const annotation of this.byStep.values()) this.annotations.add(annotation);
    this.byStep.clear();
  }
}
