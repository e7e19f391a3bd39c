import type { SourceStatus } from '@opsroom/contracts';
import type { Observable } from 'rxjs';
import type { Batch } from '../model/batch.js';

/** All sources as one stream, the first of the four that connect folders. */
export abstract class Batches {
  /** Hot: a batch is emitted once, when its source has it. Never errors; a failing source shows in `statuses`. */
  abstract readonly batches$: Observable<Batch>;
  /** How each source fares, in a fixed order. */
  abstract statuses(): readonly SourceStatus[];
}
