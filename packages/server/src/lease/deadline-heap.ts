/**
 * A binary heap of (deadline, lease), earliest first, in which moving a deadline later costs nothing: a lease keeps the one
 * place that it has, and when that place comes to the top the holder asks the lease for its true deadline and puts it back.
 * Keep-alives therefore never touch the heap.
 */

export interface Deadline<T> {
  atMs: number;
  readonly item: T;
}

export class DeadlineHeap<T> {
  private readonly heap: Deadline<T>[] = [];

  get size(): number {
    return this.heap.length;
  }

  push(atMs: number, item: T): void {
    this.heap.push({ atMs, item });
    this.rise(this.heap.length - 1);
  }

  peek(): Deadline<T> | undefined {
    return this.heap[0];
  }

  pop(): Deadline<T> | undefined {
    const top = this.heap[0];
    const last = this.heap.pop();
    if (top === undefined || last === undefined) return undefined;
    if (this.heap.length > 0) {
      this.heap[0] = last;
      this.sink(0);
    }
    return top;
  }

  clear(): void {
    this.heap.length = 0;
  }

  private rise(from: number): void {
    const heap = this.heap;
    const entry = heap[from]!;
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (heap[parent]!.atMs <= entry.atMs) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = entry;
  }

  private sink(from: number): void {
    const heap = this.heap;
    const entry = heap[from]!;
    let i = from;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.atMs < heap[child]!.atMs) child++;
      if (heap[child]!.atMs >= entry.atMs) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = entry;
  }
}
