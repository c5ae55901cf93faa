/** What the write in progress has changed, packed, for the listener. Gathered only when there is one. */

import type { Arena } from "./arena.ts";
import { deletedKeyValue } from "./key-value.ts";
import { recordKey } from "./record-keys.ts";
import type { Changes } from "./store-types.ts";

const PUT = 0;
const CREATE = 1;
const DELETE = 2;

export class ChangeList implements Changes {
  length = 0;
  private revision = 0;
  private readonly arena: Arena;
  private references = new Float64Array(16);
  private previous = new Float64Array(16);
  private kinds = new Uint8Array(16);

  constructor(arena: Arena) {
    this.arena = arena;
  }

  begin(revision: number): void {
    this.revision = revision;
    this.length = 0;
  }

  /** `previous`: the pair before; 0: none, or it is not in memory. */
  addPut(record: number, isCreate: boolean, previous: number): void {
    this.add(record, isCreate ? CREATE : PUT, previous);
  }

  /** `record` holds the key. */
  addDelete(record: number, previous: number): void {
    this.add(record, DELETE, previous);
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

  previousKeyValue(index: number): Uint8Array | undefined {
    const previous = this.previous[index] as number;
    return previous === 0 ? undefined : this.arena.view(previous);
  }

  private add(record: number, kind: number, previous: number): void {
    if (this.length === this.kinds.length) {
      const references = new Float64Array(this.length * 2);
      references.set(this.references);
      this.references = references;
      const before = new Float64Array(this.length * 2);
      before.set(this.previous);
      this.previous = before;
      const kinds = new Uint8Array(this.length * 2);
      kinds.set(this.kinds);
      this.kinds = kinds;
    }
    this.references[this.length] = record;
    this.previous[this.length] = previous;
    this.kinds[this.length] = kind;
    this.length++;
  }
}
