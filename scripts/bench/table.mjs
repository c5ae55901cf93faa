/** Results as a table in Markdown, which the terminal and the README show alike. */
import { median, spread } from "./statistics.mjs";

/** `results`: one entry a row with {title, target, runs: [[…of the first], […of the second]]}. */
export function tableOf(labels, results) {
  const [a, b] = labels;
  const head = [
    "work",
    `${a} /s`,
    `${b} /s`,
    "ratio",
    "target",
    `${a} CPU s per 100 k`,
    `${b} CPU s per 100 k`,
    "less CPU",
    `p99 ms ${a} / ${b}`,
    "of its rate alone",
  ];
  const lines = results.map(({ title, target, cpuTarget, shareTarget, runs }) => {
    const [first, second] = runs.map(summary);
    return [
      title,
      rate(first),
      rate(second),
      `${fixed(second.perSecond / first.perSecond)}x`,
      `${target}x`,
      fixed(first.cpu),
      fixed(second.cpu),
      `${fixed(first.cpu / second.cpu)}x${cpuTarget === undefined ? "" : ` (of ${cpuTarget}x)`}`,
      first.p99 && second.p99 ? `${fixed(first.p99)} / ${fixed(second.p99)}` : "",
      shareTarget === undefined
        ? ""
        : `${percent(first.share)} / ${percent(second.share)} (of ${percent(shareTarget)})`,
    ];
  });
  return markdown(head, lines);
}

/** The README's: what a reader wants to know first. */
export function shortTableOf(results) {
  const lines = results.map(({ title, target, runs }) => {
    const [first, second] = runs.map(summary);
    return [
      title,
      fixed(first.perSecond),
      fixed(second.perSecond),
      `${fixed(second.perSecond / first.perSecond)}x`,
      `${target}x`,
      `${fixed(first.cpu / second.cpu)}x`,
    ];
  });
  return markdown(["work", "original /s", "ours /s", "ratio", "goal", "less CPU"], lines);
}

export function summary(runs) {
  const rates = runs.map(({ perSecond }) => perSecond);
  const shares = runs.flatMap(({ share }) => (share === undefined ? [] : [share]));
  const p99s = runs.flatMap(({ p99Ms }) => (p99Ms === undefined ? [] : [p99Ms]));
  return {
    perSecond: median(rates),
    spread: spread(rates),
    cpu: median(runs.map(({ cpuPer100k }) => cpuPer100k)),
    p99: p99s.length > 0 ? median(p99s) : undefined,
    share: shares.length > 0 ? median(shares) : undefined,
  };
}

export function markdown(head, lines) {
  const widths = head.map((cell, i) => Math.max(cell.length, ...lines.map((line) => String(line[i]).length)));
  const row = (cells) => `| ${cells.map((cell, i) => String(cell).padEnd(widths[i])).join(" | ")} |`;
  return [row(head), row(widths.map((width) => "-".repeat(width))), ...lines.map(row)].join("\n");
}

function rate({ perSecond, spread: share }) {
  return `${fixed(perSecond)} ±${Math.round(share * 100)}%`;
}

function percent(share) {
  return `${Math.round(share * 100)} %`;
}

function fixed(value) {
  if (!Number.isFinite(value)) return "-";
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(3);
}
