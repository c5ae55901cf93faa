/** Watchers found by a key: those of exactly this key by a map, those of ranges by an interval tree. Never by a scan of all. */

import { assert } from "@etcd-ts/base";
import { IntervalTree } from "./interval-tree.ts";
import { linkWatcher, ONE_KEY, unlinkWatcher, type Watcher } from "./watcher.ts";

export class WatcherIndex {
  /** Watchers in here. */
  size = 0;
  /** First watcher of each key; the others hang on it. */
  private readonly keys = new Map<string, Watcher>();
  private readonly ranges = new IntervalTree();

  add(watcher: Watcher): void {
    this.size++;
    if (watcher.end !== ONE_KEY) return this.ranges.add(watcher);
    this.keys.set(watcher.key, linkWatcher(this.keys.get(watcher.key), watcher));
  }

  remove(watcher: Watcher): void {
    this.size--;
    if (watcher.end !== ONE_KEY) return this.ranges.remove(watcher);
    const before = this.keys.get(watcher.key);
    assert(before !== undefined, "a watcher that is removed is in the map");
    const head = unlinkWatcher(before, watcher);
    if (head === undefined) this.keys.delete(watcher.key);
    else if (head !== before) this.keys.set(watcher.key, head);
  }

  /** Appends the watchers that want to see `key`. */
  find(key: string, found: Watcher[]): void {
    for (let watcher = this.keys.get(key); watcher !== undefined; watcher = watcher.following)
      found.push(watcher);
    this.ranges.stab(key, found);
  }

  /** Any of them. */
  first(): Watcher | undefined {
    for (const watcher of this.keys.values()) return watcher;
    return this.ranges.first();
  }

  all(): Watcher[] {
    const found: Watcher[] = [];
    for (const head of this.keys.values()) {
      for (let watcher: Watcher | undefined = head; watcher !== undefined; watcher = watcher.following) {
        found.push(watcher);
      }
    }
    this.ranges.collect(found);
    return found;
  }

  invariants(): void {
    this.ranges.invariants();
    assert(this.all().length === this.size, "the size is the number of watchers");
  }
}
