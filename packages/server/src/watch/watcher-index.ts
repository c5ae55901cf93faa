/** Watchers found by a key: those of exactly this key by a map, those of ranges by an interval tree. Never by a scan of all. */

import { assert } from "@etcd-ts/base";
import { IntervalTree } from "./interval-tree.ts";
import { ONE_KEY, type Watcher } from "./watcher.ts";
import { WatcherGroup } from "./watcher-group.ts";

export class WatcherIndex {
  /** Watchers in here. */
  size = 0;
  private readonly keys = new Map<string, WatcherGroup>();
  private readonly ranges = new IntervalTree();

  add(watcher: Watcher): void {
    this.size++;
    if (watcher.end !== ONE_KEY) return this.ranges.add(watcher);
    let group = this.keys.get(watcher.key);
    if (group === undefined) {
      group = new WatcherGroup();
      this.keys.set(watcher.key, group);
    }
    group.link(watcher);
  }

  remove(watcher: Watcher): void {
    this.size--;
    if (watcher.end !== ONE_KEY) return this.ranges.remove(watcher);
    const group = this.keys.get(watcher.key);
    assert(group !== undefined, "a watcher that is removed is in the map");
    group.unlink(watcher);
    if (group.isEmpty) this.keys.delete(watcher.key);
  }

  /** Appends the groups that want to see `key`. */
  find(key: string, found: WatcherGroup[]): void {
    const group = this.keys.get(key);
    if (group !== undefined) found.push(group);
    this.ranges.stab(key, found);
  }

  /** Any of the watchers. */
  first(): Watcher | undefined {
    for (const group of this.keys.values()) return group.head;
    return this.ranges.first();
  }

  all(): Watcher[] {
    const groups = [...this.keys.values()];
    this.ranges.collect(groups);
    const found: Watcher[] = [];
    for (const group of groups) group.appendTo(found);
    return found;
  }

  invariants(): void {
    this.ranges.invariants();
    assert(this.all().length === this.size, "the size is the number of watchers");
  }
}
