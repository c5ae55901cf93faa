/**
 * A binary heap of (deadline, item), earliest first, in which moving a deadline later costs nothing: an item keeps the one
 * place that it has, and when that place comes to the top the holder asks the item for its true deadline and puts it back.
 * Keep-alives therefore never touch the heap. A place knows where it is, so that what is gone leaves no trace.
 */

import { assert } from "@etcd-ts/base";

export interface Deadline<T> {
  readonly atMs: number;
  readonly item: T;
  /** Where in the heap; -1 when it has left. Moved by the heap alone. */
  index: number;
}

export class DeadlineHeap<T> {
  private readonly heap: Deadline<T>[] = [];

  get size(): number {
    return this.heap.length;
  }

  push(atMs: number, item: T): Deadline<T> {
    const place = { atMs, item, index: this.heap.length };
    this.heap.push(place);
    this.rise(place);
    return place;
  }

  peek(): Deadline<T> | undefined {
    return this.heap[0];
  }

  pop(): Deadline<T> | undefined {
    const top = this.heap[0];
    if (top !== undefined) this.remove(top);
    return top;
  }

  /** Takes out a place that is in the heap. */
  remove(place: Deadline<T>): void {
    const { index } = place;
    assert(this.heap[index] === place, "a place that is taken out is in the heap");
    const last = this.heap.pop()!;
    place.index = -1;
    if (last === place) return;
    last.index = index;
    this.heap[index] = last;
    this.sink(last);
    this.rise(last);
  }

  clear(): void {
    for (const place of this.heap) place.index = -1;
    this.heap.length = 0;
  }

  private rise(place: Deadline<T>): void {
    const { heap } = this;
    let i = place.index;
    while (i > 0) {
      const parent = heap[(i - 1) >> 1]!;
      if (parent.atMs <= place.atMs) break;
      heap[i] = parent;
      parent.index = i;
      i = (i - 1) >> 1;
    }
    heap[i] = place;
    place.index = i;
  }

  private sink(place: Deadline<T>): void {
    const { heap } = this;
    let i = place.index;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.atMs < heap[child]!.atMs) child++;
      const earlier = heap[child]!;
      if (earlier.atMs >= place.atMs) break;
      heap[i] = earlier;
      earlier.index = i;
      i = child;
    }
    heap[i] = place;
    place.index = i;
  }
}
