/**
 * HPACK, the receiving side (RFC 7541). A header block is a sequence of
 *
 *     1xxxxxxx                      a field of the tables, by index
 *     01xxxxxx [name] value         a field that also enters the dynamic table; x is the index of its name or 0
 *     0000xxxx, 0001xxxx [name] v   a field that does not
 *     001xxxxx                      a new capacity of the dynamic table, only at the head of a block
 *
 * Strings are latin1: one character a byte, nothing lost. A block that breaks the rules ends the connection (the tables of the two sides are
 * no longer equal), so `decode` answers with a text. A list that is too large is an error of its stream only: the block is
 * decoded to its end, `tooLarge` is set and the fields beyond the limit are dropped.
 */

import { DynamicTable, FIELD_OVERHEAD_BYTES } from "./dynamic-table.ts";
import { huffmanDecode, huffmanDecodedLengthMax } from "./huffman.ts";
import { STATIC_COUNT, STATIC_FIELDS } from "./static-table.ts";

const STATIC_NAMES: readonly string[] = STATIC_FIELDS.map((field) => field[0]);
const STATIC_VALUES: readonly string[] = STATIC_FIELDS.map((field) => field[1]);

/** More than any integer in a block can mean; a longer encoding is broken. */
const INTEGER_MAX = 2 ** 28;

let scratch: Buffer = Buffer.allocUnsafeSlow(4096);

export class HpackDecoder {
  readonly table: DynamicTable;
  /** The last block's list passed the limit. */
  tooLarge = false;
  /** SETTINGS_HEADER_TABLE_SIZE as we advertised it. */
  private readonly capacityBytesMax: number;
  private readonly listBytesMax: number;
  private source: Buffer = scratch;
  private position = 0;
  private end = 0;
  private broken = "";
  private listBytes = 0;

  constructor(capacityBytesMax: number, listBytesMax: number) {
    this.capacityBytesMax = capacityBytesMax;
    this.listBytesMax = listBytesMax;
    this.table = new DynamicTable(capacityBytesMax);
  }

  /** Appends name, value, name, value... to `fields`; a text when the block is broken. */
  decode(source: Buffer, start: number, end: number, fields: string[]): string | undefined {
    this.source = source;
    this.position = start;
    this.end = end;
    this.broken = "";
    this.listBytes = 0;
    this.tooLarge = false;
    let first = true;
    while (this.position < end && this.broken === "") {
      const byte = source[this.position]!;
      if (byte >= 0x80) this.indexed(fields);
      else if (byte >= 0x40) this.literal(fields, 6, true);
      else if (byte < 0x20) this.literal(fields, 4, false);
      else if (first) this.resizeTable();
      else this.broken = "table size update inside a block";
      if (byte < 0x20 || byte >= 0x40) first = false;
    }
    this.source = scratch;
    return this.broken === "" ? undefined : this.broken;
  }

  private indexed(fields: string[]): void {
    const index = this.integer(7);
    if (this.broken !== "") return;
    if (index === 0) this.broken = "index 0";
    else if (index <= STATIC_COUNT) this.add(fields, STATIC_NAMES[index]!, STATIC_VALUES[index]!);
    else if (index - STATIC_COUNT <= this.table.length) {
      this.add(fields, this.table.name(index - STATIC_COUNT - 1), this.table.value(index - STATIC_COUNT - 1));
    } else this.broken = "index beyond the table";
  }

  private literal(fields: string[], prefixBits: number, insert: boolean): void {
    const index = this.integer(prefixBits);
    if (this.broken !== "") return;
    let name = "";
    if (index === 0) name = this.string();
    else if (index <= STATIC_COUNT) name = STATIC_NAMES[index]!;
    else if (index - STATIC_COUNT <= this.table.length) name = this.table.name(index - STATIC_COUNT - 1);
    else this.broken = "index beyond the table";
    if (this.broken !== "") return;
    const value = this.string();
    if (this.broken !== "") return;
    if (insert) this.table.insert(name, value);
    this.add(fields, name, value);
  }

  private resizeTable(): void {
    const capacityBytes = this.integer(5);
    if (this.broken !== "") return;
    if (capacityBytes > this.capacityBytesMax) this.broken = "table size above the limit";
    else this.table.resize(capacityBytes);
  }

  private add(fields: string[], name: string, value: string): void {
    this.listBytes += name.length + value.length + FIELD_OVERHEAD_BYTES;
    if (this.listBytes > this.listBytesMax) this.tooLarge = true;
    else fields.push(name, value);
  }

  /** An integer whose first byte has `prefixBits` bits for it (RFC 7541, 5.1). */
  private integer(prefixBits: number): number {
    const prefixMax = (1 << prefixBits) - 1;
    let value = this.source[this.position++]! & prefixMax;
    if (value < prefixMax) return value;
    for (let shift = 0; shift <= 28; shift += 7) {
      if (this.position >= this.end) break;
      const byte = this.source[this.position++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (value > INTEGER_MAX) break;
      if (byte < 0x80) return value;
    }
    this.broken = "broken integer";
    return 0;
  }

  private string(): string {
    if (this.position >= this.end) {
      this.broken = "block ends within a field";
      return "";
    }
    const huffman = this.source[this.position]! >= 0x80;
    const length = this.integer(7);
    const start = this.position;
    if (this.broken !== "" || length > this.end - start) {
      this.broken ||= "block ends within a string";
      return "";
    }
    this.position = start + length;
    if (!huffman) return this.source.latin1Slice(start, start + length);
    return this.huffmanString(start, start + length);
  }

  private huffmanString(start: number, end: number): string {
    const longest = huffmanDecodedLengthMax(end - start);
    if (longest > scratch.length) scratch = Buffer.allocUnsafeSlow(longest * 2);
    const length = huffmanDecode(this.source, start, end, scratch);
    if (length < 0) {
      this.broken = "broken Huffman string";
      return "";
    }
    return scratch.latin1Slice(0, length);
  }
}
