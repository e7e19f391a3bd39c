import type { MetricMetadata } from '../../model/batch.js';

/** Takes one sample of the current collection. Labels with an empty value are left out. */
export type Emit = (name: string, labels: Readonly<Record<string, string>>, value: number) => void;

/**
 * What a collector may read of the machine. Each call gives the file's whole text, or undefined where this kernel does not have
 * it: the collector then emits nothing, and the metric is absent.
 */
export type ReadText = (path: string) => string | undefined;

export type MetadataTable = Readonly<Record<string, MetricMetadata>>;

export const counter = (help: string, unit = ''): MetricMetadata => ({ type: 'counter', help, unit });
export const gauge = (help: string, unit = ''): MetricMetadata => ({ type: 'gauge', help, unit });

/** Lines of a text without the empty ones. */
export const lines = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

/** Fields of a line, between runs of white space. */
export const fields = (line: string): string[] => line.trim().split(/\s+/);
