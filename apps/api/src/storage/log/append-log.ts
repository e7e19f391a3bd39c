import type { CommitColumns } from '../commit-columns.js';
import type { Head } from '../head/head.js';
import { RecordType, writeHistograms, writeSamples, writeSeries } from './log-records.js';
import type { LogWriter } from './log-writer.js';

/** Hands one append to the log: series that are new with it, then the samples that got in, late ones apart. */
export function logAppend(log: LogWriter, head: Head, created: readonly number[], columns: CommitColumns): void {
  if (created.length > 0) {
    const series = created.flatMap((ref) => {
      const one = head.series[ref];
      return one ? [{ ref, source: head.sourceOf(one), labels: one.labels }] : [];
    });
    log.append(RecordType.series, (out) => writeSeries(series, out), false);
  }
  if (columns.count === 0) return;
  const { floats, lateFloats, histograms, lateHistograms } = columns.split();
  if (floats.count > 0) log.append(RecordType.samples, (out) => writeSamples(floats, out), true);
  if (lateFloats.count > 0) log.append(RecordType.lateSamples, (out) => writeSamples(lateFloats, out), true);
  if (histograms.length > 0) log.append(RecordType.histograms, (out) => writeHistograms(histograms, out), true);
  if (lateHistograms.length > 0) {
    log.append(RecordType.lateHistograms, (out) => writeHistograms(lateHistograms, out), true);
  }
}
