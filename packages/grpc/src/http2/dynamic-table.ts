/**
 * The dynamic table of HPACK (RFC 7541, sections 2.3.2 and 4): the fields that were inserted last, newest first, evicted from
 * the old end when their size (name + value + 32 each) passes the capacity. Encoder and decoder of one direction hold equal tables.
 *
 * `generation` changes with every insertion and eviction: bytes that were decoded or encoded without changing the table
 * mean the same as long as it stands, which is what the caches of header blocks rely on.
 */

import { assert } from "@etcd-ts/base";

export const FIELD_OVERHEAD_BYTES = 32;

export class DynamicTable {
  generation = 0;
  /** Count of entries. */
  length = 0;
  sizeBytes = 0;
  capacityBytes: number;
  // A ring: entry 0 (the newest) is at `head`, older ones follow. Its length is a power of two.
  private names: string[] = new Array(16).fill("");
  private values: string[] = new Array(16).fill("");
  private head = 0;

  constructor(capacityBytes: number) {
    this.capacityBytes = capacityBytes;
  }

  name(index: number): string {
    return this.names[(this.head + index) & (this.names.length - 1)]!;
  }

  value(index: number): string {
    return this.values[(this.head + index) & (this.names.length - 1)]!;
  }

  /** Makes room and inserts; a field that is larger than the table only empties it. */
  insert(name: string, value: string): void {
    const sizeBytes = name.length + value.length + FIELD_OVERHEAD_BYTES;
    this.generation++;
    this.evictTo(this.capacityBytes - sizeBytes);
    if (sizeBytes > this.capacityBytes) return;
    if (this.length === this.names.length) this.grow();
    this.head = (this.head - 1) & (this.names.length - 1);
    this.names[this.head] = name;
    this.values[this.head] = value;
    this.length++;
    this.sizeBytes += sizeBytes;
  }

  resize(capacityBytes: number): void {
    this.generation++;
    this.capacityBytes = capacityBytes;
    this.evictTo(capacityBytes);
  }

  invariants(): void {
    let sizeBytes = 0;
    for (let i = 0; i < this.length; i++) {
      sizeBytes += this.name(i).length + this.value(i).length + FIELD_OVERHEAD_BYTES;
    }
    assert(sizeBytes === this.sizeBytes, "the table's size is the sum of its fields");
    assert(sizeBytes <= this.capacityBytes, "the table fits its capacity");
  }

  private evictTo(limitBytes: number): void {
    while (this.length > 0 && this.sizeBytes > limitBytes) {
      const oldest = (this.head + this.length - 1) & (this.names.length - 1);
      this.sizeBytes -= this.names[oldest]!.length + this.values[oldest]!.length + FIELD_OVERHEAD_BYTES;
      this.names[oldest] = "";
      this.values[oldest] = "";
      this.length--;
    }
  }

  private grow(): void {
    const names = new Array<string>(this.names.length * 2).fill("");
    const values = new Array<string>(names.length).fill("");
    for (let i = 0; i < this.length; i++) {
      names[i] = this.name(i);
      values[i] = this.value(i);
    }
    this.names = names;
    this.values = values;
    this.head = 0;
  }
}
