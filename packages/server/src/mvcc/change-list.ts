/** What the write in progress has changed, packed, for the listener. Gathered only when there is one. */

import type { Arena } from "./arena.ts";
import { recordKey } from "./key-tree.ts";
import { deletedKeyValue } from "./key-value.ts";
import type { Changes } from "./store-types.ts";

const PUT = 0;
const CREATE = 1;
const DELETE = 2;

export class ChangeList implements Changes {
  length = 0;
  private revision = 0;
  private readonly arena: Arena;
  private references = new Float64Array(16);
  private kinds = new Uint8Array(16);

  constructor(arena: Arena) {
    this.arena = arena;
  }

  begin(revision: number): void {
    this.revision = revision;
    this.length = 0;
  }

  addPut(record: number, isCreate: boolean): void {
    this.add(record, isCreate ? CREATE : PUT);
  }

  /** `record` holds the key. */
  addDelete(record: number): void {
    this.add(record, DELETE);
  }

  isDelete(index: number): boolean {
    return this.kinds[index] === DELETE;
  }

  isCreate(index: number): boolean {
    return this.kinds[index] === CREATE;
  }

  key(index: number): Uint8Array {
    return recordKey(this.arena, this.references[index] as number);
  }

  keyValue(index: number): Uint8Array {
    if (this.isDelete(index)) return deletedKeyValue(this.key(index), this.revision);
    return this.arena.view(this.references[index] as number);
  }

  private add(record: number, kind: number): void {
    if (this.length === this.kinds.length) {
      const references = new Float64Array(this.length * 2);
      references.set(this.references);
      this.references = references;
      const kinds = new Uint8Array(this.length * 2);
      kinds.set(this.kinds);
      this.kinds = kinds;
    }
    this.references[this.length] = record;
    this.kinds[this.length] = kind;
    this.length++;
  }
}
