/** A grid of box characters: headers centred, cells to the right. */

export function tableText(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headers.map((header, i) => Math.max(header.length, ...rows.map((row) => row[i]!.length)));
  const rule = (left: string, middle: string, right: string) =>
    `${left}${widths.map((width) => "─".repeat(width + 2)).join(middle)}${right}\n`;
  const line = (cells: readonly string[]) => `│ ${cells.join(" │ ")} │\n`;
  const head = line(headers.map((header, i) => centred(header, widths[i]!)));
  const body = rows.map((row) => line(row.map((cell, i) => cell.padStart(widths[i]!)))).join("");
  return `${rule("┌", "┬", "┐")}${head}${rule("├", "┼", "┤")}${body}${rule("└", "┴", "┘")}`;
}

function centred(text: string, width: number): string {
  const left = Math.floor((width - text.length) / 2);
  return text.padStart(text.length + left).padEnd(width);
}
