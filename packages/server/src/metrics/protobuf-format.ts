/**
 * Prometheus' delimited protobuf format, which scrapers may ask for: each family a length and an `io.prometheus.client.MetricFamily`.
 *
 *     MetricFamily := name 1, help 2, type 3, metric 4*         Metric := label 1*, gauge 2, counter 3, summary 4, histogram 7
 *     LabelPair    := name 1, value 2                            Gauge, Counter := value 1 (double)
 *     Histogram    := sample_count 1, sample_sum 2, bucket 3*    Bucket   := cumulative_count 1, upper_bound 2
 *     Summary      := sample_count 1, sample_sum 2, quantile 3*  Quantile := quantile 1, value 2
 */

import type { Family, HistogramValue, MetricType, Sample, SummaryValue } from "./family.ts";
import { sortedLabels, sortedSamples } from "./text-format.ts";

const TYPES: Readonly<Record<MetricType, number>> = { counter: 0, gauge: 1, summary: 2, histogram: 4 };
const VALUE_FIELDS: Readonly<Record<MetricType, number>> = { gauge: 2, counter: 3, summary: 4, histogram: 7 };

export function metricsProtobuf(families: readonly Family[]): Buffer {
  const out: Buffer[] = [];
  for (const family of families) {
    const bytes = familyBytes(family);
    out.push(varint(bytes.length), bytes);
  }
  return Buffer.concat(out);
}

function familyBytes({ name, help, type, samples }: Family): Buffer {
  return Buffer.concat([
    field(1, Buffer.from(name)),
    field(2, Buffer.from(help)),
    number(3, TYPES[type]),
    ...sortedSamples(samples).map((sample) => field(4, metricBytes(type, sample))),
  ]);
}

function metricBytes(type: MetricType, { labels, value }: Sample): Buffer {
  const pairs = sortedLabels(labels).map(([name, text]) =>
    field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(text))])),
  );
  return Buffer.concat([...pairs, field(VALUE_FIELDS[type], valueBytes(value))]);
}

function valueBytes(value: Sample["value"]): Buffer {
  if (typeof value === "number") return double(1, value);
  return value.kind === "histogram" ? histogramBytes(value) : summaryBytes(value);
}

function histogramBytes({ bounds, counts, sum }: HistogramValue): Buffer {
  const buckets: Buffer[] = [];
  let cumulative = 0;
  counts.forEach((count, i) => {
    cumulative += count;
    if (i === bounds.length) return;
    buckets.push(field(3, Buffer.concat([number(1, cumulative), double(2, bounds[i]!)])));
  });
  return Buffer.concat([number(1, cumulative), double(2, sum), ...buckets]);
}

function summaryBytes({ quantiles, sum, count }: SummaryValue): Buffer {
  const shown = quantiles.map(([quantile, value]) =>
    field(3, Buffer.concat([double(1, quantile), double(2, value)])),
  );
  return Buffer.concat([number(1, count), double(2, sum), ...shown]);
}

function field(fieldNumber: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(fieldNumber * 8 + 2), varint(bytes.length), bytes]);
}

function number(fieldNumber: number, value: number): Buffer {
  return Buffer.concat([varint(fieldNumber * 8), varint(value)]);
}

function double(fieldNumber: number, value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = fieldNumber * 8 + 1;
  bytes.writeDoubleLE(value, 1);
  return bytes;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}
