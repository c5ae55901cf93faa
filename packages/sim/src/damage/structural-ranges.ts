/**
 * Which bytes of a database's file its format can prove: metas, and in every page that a tree reaches the header, the elements and
 * the keys. The rest are values and bytes that nobody uses. Reads the file by itself, without the product's code.
 */

const META_OFFSETS = [0, 4096] as const;
const META_BYTES = 80;
const HEADER_BYTES = 16;
const ELEMENT_BYTES = 16;
const BUCKET_HEADER_BYTES = 16;
const FLAG_BRANCH = 1;
const ELEMENT_BUCKET = 1;

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export function structuralRanges(bytes: Uint8Array): ByteRange[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [first, second] = META_OFFSETS.map((at) => ({ at, transaction: number64(view, at + 64) }));
  const meta = first!.transaction > second!.transaction ? first! : second!;
  const pageBytes = view.getUint32(meta.at + 24, true);
  const ranges: ByteRange[] = META_OFFSETS.map((start) => ({ start, end: start + META_BYTES }));
  walk(view, pageBytes, number64(view, meta.at + 32) * pageBytes, ranges);
  return ranges;
}

function walk(view: DataView, pageBytes: number, at: number, ranges: ByteRange[]): void {
  const isBranch = view.getUint16(at + 8, true) === FLAG_BRANCH;
  const count = view.getUint16(at + 10, true);
  const elementsEnd = at + HEADER_BYTES + ELEMENT_BYTES * count;
  ranges.push({ start: at, end: elementsEnd });
  for (let element = at + HEADER_BYTES; element < elementsEnd; element += ELEMENT_BYTES) {
    if (isBranch) visitBranchElement(view, pageBytes, element, ranges);
    else visitLeafElement(view, pageBytes, element, ranges);
  }
}

function visitBranchElement(view: DataView, pageBytes: number, element: number, ranges: ByteRange[]): void {
  const start = element + view.getUint32(element, true);
  ranges.push({ start, end: start + view.getUint32(element + 4, true) });
  walk(view, pageBytes, number64(view, element + 8) * pageBytes, ranges);
}

function visitLeafElement(view: DataView, pageBytes: number, element: number, ranges: ByteRange[]): void {
  const start = element + view.getUint32(element + 4, true);
  const end = start + view.getUint32(element + 8, true);
  ranges.push({ start, end });
  if (view.getUint32(element, true) !== ELEMENT_BUCKET) return;
  ranges.push({ start: end, end: end + BUCKET_HEADER_BYTES });
  const root = number64(view, end);
  walk(view, pageBytes, root === 0 ? end + BUCKET_HEADER_BYTES : root * pageBytes, ranges);
}

function number64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}
