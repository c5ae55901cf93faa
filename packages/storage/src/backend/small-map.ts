/**
 * What a batch does to one of the nine small buckets: an ordered map from key to value, or to `undefined` for a deleted key.
 * Few entries; keys and values are copies of the caller's.
 */

import { compareBytes } from "@etcd-ts/base";

/** Memory of an entry beside its bytes, about. */
export const SMALL_ENTRY_BYTES = 200;

export class SmallMap {
  /** Ascending. */
  readonly keys: Uint8Array[];
  readonly values: (Uint8Array | undefined)[];

  constructor(keys: Uint8Array[] = [], values: (Uint8Array | undefined)[] = []) {
    this.keys = keys;
    this.values = values;
  }

  /** Remembers the operation; returns how many bytes of memory it added. */
  set(key: Uint8Array, value: Uint8Array | undefined): number {
    // Leases come and go in the order of their ids, mostly.
    const at = this.isBehindAll(key) ? this.keys.length : this.lowerBound(key);
    const found = at < this.keys.length && compareBytes(this.keys[at]!, key) === 0;
    const valueCopy = value?.slice();
    if (found) {
      const before = this.values[at]?.length ?? 0;
      this.values[at] = valueCopy;
      return (value?.length ?? 0) - before;
    }
    if (at === this.keys.length) {
      this.keys.push(key.slice());
      this.values.push(valueCopy);
    } else {
      this.keys.splice(at, 0, key.slice());
      this.values.splice(at, 0, valueCopy);
    }
    return SMALL_ENTRY_BYTES + key.length + (value?.length ?? 0);
  }

  /** Index of the first key at or behind `key`. */
  lowerBound(key: Uint8Array): number {
    let lo = 0;
    let hi = this.keys.length;
    while (lo < hi) {
      const middle = (lo + hi) >>> 1;
      if (compareBytes(this.keys[middle]!, key) < 0) lo = middle + 1;
      else hi = middle;
    }
    return lo;
  }

  /** Index of exactly this key; -1 when it is not there. */
  find(key: Uint8Array): number {
    const at = this.lowerBound(key);
    return at < this.keys.length && compareBytes(this.keys[at]!, key) === 0 ? at : -1;
  }

  private isBehindAll(key: Uint8Array): boolean {
    const { length } = this.keys;
    return length === 0 || compareBytes(this.keys[length - 1]!, key) < 0;
  }

  clone(): SmallMap {
    return new SmallMap(this.keys.slice(), this.values.slice());
  }
}
