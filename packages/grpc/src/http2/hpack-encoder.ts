/**
 * HPACK, the sending side (RFC 7541). The caller says for each field whether it is worth a place in the dynamic table: fields
 * that come again with the same value are (`index: true`), texts that differ each time are not, secrets never.
 *
 * The same fields encode to the same bytes while `table.generation` stands and `settled` is true; callers cache by that.
 */

import { DynamicTable, FIELD_OVERHEAD_BYTES } from "./dynamic-table.ts";
import { INITIAL_HEADER_TABLE_BYTES } from "./frame.ts";
import { huffmanEncode, huffmanLength } from "./huffman.ts";
import { STATIC_COUNT, STATIC_FIELDS } from "./static-table.ts";

const STATIC_INDEX = new Map<string, number>();
const STATIC_NAME_INDEX = new Map<string, number>();
for (let i = STATIC_COUNT; i > 0; i--) {
  const [name, value] = STATIC_FIELDS[i]!;
  STATIC_INDEX.set(`${name}\0${value}`, i);
  STATIC_NAME_INDEX.set(name, i);
}

export class HpackEncoder {
  readonly table = new DynamicTable(INITIAL_HEADER_TABLE_BYTES);
  /** Smallest capacity since the last block, to be told at the head of the next; -1 when nothing changed. */
  private announceLeast = -1;

  /** No table size update is owed. */
  get settled(): boolean {
    return this.announceLeast < 0;
  }

  /** The peer's SETTINGS_HEADER_TABLE_SIZE. We never use more than the initial size. */
  limitTable(capacityBytes: number): void {
    const wanted = Math.min(capacityBytes, INITIAL_HEADER_TABLE_BYTES);
    if (wanted === this.table.capacityBytes) return;
    this.announceLeast = this.settled ? wanted : Math.min(this.announceLeast, wanted);
    this.table.resize(wanted);
  }

  /** Starts a block; at most 12 bytes. */
  begin(target: Uint8Array, position: number): number {
    if (this.announceLeast < 0) return position;
    const least = this.announceLeast;
    this.announceLeast = -1;
    let end = writeInteger(target, position, 0x20, 5, least);
    if (least < this.table.capacityBytes) end = writeInteger(target, end, 0x20, 5, this.table.capacityBytes);
    return end;
  }

  /** Writes one field (latin1 strings, name in lower case) and returns the position behind it. */
  field(target: Uint8Array, position: number, name: string, value: string, index: boolean): number {
    const fullMatch = STATIC_INDEX.get(`${name}\0${value}`) ?? this.findField(name, value);
    if (fullMatch !== 0) return writeInteger(target, position, 0x80, 7, fullMatch);
    const insert = index && name.length + value.length + FIELD_OVERHEAD_BYTES <= this.table.capacityBytes;
    const nameMatch = STATIC_NAME_INDEX.get(name) ?? this.findName(name);
    let end = insert
      ? writeInteger(target, position, 0x40, 6, nameMatch)
      : writeInteger(target, position, 0x00, 4, nameMatch);
    if (nameMatch === 0) end = writeString(target, end, name);
    end = writeString(target, end, value);
    if (insert) this.table.insert(name, value);
    return end;
  }

  private findField(name: string, value: string): number {
    for (let i = 0; i < this.table.length; i++) {
      if (this.table.name(i) === name && this.table.value(i) === value) return STATIC_COUNT + 1 + i;
    }
    return 0;
  }

  private findName(name: string): number {
    for (let i = 0; i < this.table.length; i++) {
      if (this.table.name(i) === name) return STATIC_COUNT + 1 + i;
    }
    return 0;
  }
}

/** The most bytes that a field takes. */
export function fieldBytesMax(name: string, value: string): number {
  return name.length + value.length + 16;
}

function writeInteger(
  target: Uint8Array,
  position: number,
  pattern: number,
  prefixBits: number,
  value: number,
): number {
  const prefixMax = (1 << prefixBits) - 1;
  if (value < prefixMax) {
    target[position] = pattern | value;
    return position + 1;
  }
  target[position++] = pattern | prefixMax;
  let rest = value - prefixMax;
  while (rest >= 0x80) {
    target[position++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[position++] = rest;
  return position;
}

function writeString(target: Uint8Array, position: number, text: string): number {
  const packed = huffmanLength(text);
  if (packed < text.length) {
    return huffmanEncode(text, target, writeInteger(target, position, 0x80, 7, packed));
  }
  let end = writeInteger(target, position, 0x00, 7, text.length);
  for (let i = 0; i < text.length; i++) target[end++] = text.charCodeAt(i);
  return end;
}
