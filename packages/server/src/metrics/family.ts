/** Metric families as they are exposed: names, types, labels, values of one moment. */

import type { Histogram } from "./histogram.ts";

export type MetricType = "counter" | "gauge" | "histogram" | "summary";

/** Name and value; sorted by name when shown. */
export type Labels = readonly (readonly [string, string])[];

export interface Sample {
  readonly labels: Labels;
  readonly value: number | HistogramValue | SummaryValue;
}

export interface HistogramValue {
  readonly kind: "histogram";
  readonly bounds: Float64Array;
  /** By bucket, not cumulative; one more than bounds. */
  readonly counts: Float64Array;
  readonly sum: number;
}

export interface SummaryValue {
  readonly kind: "summary";
  readonly quantiles: readonly (readonly [number, number])[];
  readonly sum: number;
  readonly count: number;
}

export interface Family {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  /** A family without samples is not shown. */
  readonly samples: readonly Sample[];
}

const NO_LABELS: Labels = [];

export function counter(name: string, help: string, value: number): Family {
  return { name, type: "counter", help, samples: [{ labels: NO_LABELS, value }] };
}

export function gauge(name: string, help: string, value: number): Family {
  return { name, type: "gauge", help, samples: [{ labels: NO_LABELS, value }] };
}

export function histogram(name: string, help: string, value: Histogram): Family {
  return { name, type: "histogram", help, samples: [{ labels: NO_LABELS, value: histogramValue(value) }] };
}

export function labelled(name: string, type: MetricType, help: string, samples: readonly Sample[]): Family {
  return { name, type, help, samples };
}

/** A gauge of 1 whose label carries what is to be told. */
export function fact(name: string, help: string, label: string, text: string): Family {
  return labelled(name, "gauge", help, [{ labels: [[label, text]], value: 1 }]);
}

export function histogramValue({ bounds, counts, sum }: Histogram): HistogramValue {
  return { kind: "histogram", bounds, counts, sum };
}

/** By name; of two with one name the first stays. */
export function sortedFamilies(families: Iterable<Family>): Family[] {
  const byName = new Map<string, Family>();
  for (const family of families) if (!byName.has(family.name)) byName.set(family.name, family);
  return [...byName.values()]
    .filter(({ samples }) => samples.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
