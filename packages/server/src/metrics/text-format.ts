/**
 * Prometheus' text format 0.0.4, byte for byte as the original's library writes it: numbers in Go's shortest form, labels and
 * samples in order.
 */

import type { Family, HistogramValue, Labels, Sample, SummaryValue } from "./family.ts";

/** Families in the order given. */
export function metricsText(families: readonly Family[]): string {
  let text = "";
  for (const family of families) {
    text += `# HELP ${family.name} ${escapeHelp(family.help)}\n# TYPE ${family.name} ${family.type}\n`;
    for (const sample of sortedSamples(family.samples)) text += sampleText(family.name, sample);
  }
  return text;
}

/** By the values of the labels, these by their names. */
export function sortedSamples(samples: readonly Sample[]): readonly Sample[] {
  if (samples.length < 2) return samples;
  return samples
    .map((sample) => ({
      sample,
      key: sortedLabels(sample.labels)
        .map(([, value]) => `${value}\0`)
        .join(""),
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ sample }) => sample);
}

export function sortedLabels(labels: Labels): Labels {
  return labels.length < 2 ? labels : [...labels].sort(([a], [b]) => (a < b ? -1 : 1));
}

function sampleText(name: string, { labels, value }: Sample): string {
  if (typeof value === "number") return line(name, labels, value);
  return value.kind === "histogram" ? histogramText(name, labels, value) : summaryText(name, labels, value);
}

function histogramText(name: string, labels: Labels, { bounds, counts, sum }: HistogramValue): string {
  let text = "";
  let cumulative = 0;
  for (let i = 0; i < counts.length; i++) {
    cumulative += counts[i]!;
    const bound = i < bounds.length ? goNumber(bounds[i]!) : "+Inf";
    text += line(`${name}_bucket`, [...sortedLabels(labels), ["le", bound]], cumulative, true);
  }
  return text + line(`${name}_sum`, labels, sum) + line(`${name}_count`, labels, cumulative);
}

function summaryText(name: string, labels: Labels, { quantiles, sum, count }: SummaryValue): string {
  let text = "";
  for (const [quantile, value] of quantiles) {
    text += line(name, [...labels, ["quantile", goNumber(quantile)]], value);
  }
  return text + line(`${name}_sum`, labels, sum) + line(`${name}_count`, labels, count);
}

/** `inOrder`: the labels stand as they are to stand. */
function line(name: string, labels: Labels, value: number, inOrder = false): string {
  const shown = (inOrder ? labels : sortedLabels(labels)).map(
    ([label, text]) => `${label}="${escapeLabel(text)}"`,
  );
  return `${name}${shown.length === 0 ? "" : `{${shown.join(",")}}`} ${goNumber(value)}\n`;
}

/** The shortest decimal that is this number, with an exponent below 10^-4 and from 10^6 on. */
export function goNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  if (Number.isNaN(value)) return "NaN";
  if (value === 0) return "0";
  const [mantissa, exponentText] = value.toExponential().split("e") as [string, string];
  const exponent = Number(exponentText);
  // Between them JavaScript writes plain decimals too.
  if (exponent >= -4 && exponent < 6) return String(value);
  const digits = String(Math.abs(exponent)).padStart(2, "0");
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${digits}`;
}

function escapeLabel(text: string): string {
  return text.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
