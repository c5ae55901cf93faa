/**
 * Virtual time: callbacks in order of their time, ties in order of their coming. Nothing happens between them, so a run depends
 * on its seed alone.
 */

interface Task {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

export interface Cancellable {
  cancel(): void;
}

export class Scheduler {
  nowMs = 0;
  private readonly tasks: Task[] = [];
  private nextOrder = 0;

  after(delayMs: number, run: () => void): Cancellable {
    const task: Task = { atMs: this.nowMs + delayMs, order: this.nextOrder++, run, cancelled: false };
    let at = this.tasks.length;
    while (at > 0 && isBefore(task, this.tasks[at - 1]!)) at--;
    this.tasks.splice(at, 0, task);
    return {
      cancel() {
        task.cancelled = true;
      },
    };
  }

  /** Runs tasks until the time is up or none is left. */
  runUntil(endMs: number): void {
    while (this.tasks.length > 0 && this.tasks[0]!.atMs <= endMs) {
      const task = this.tasks.shift()!;
      this.nowMs = task.atMs;
      if (!task.cancelled) task.run();
    }
    this.nowMs = Math.max(this.nowMs, endMs);
  }

  /** Forgets all that is planned. */
  clear(): void {
    this.tasks.length = 0;
  }
}

function isBefore(a: Task, b: Task): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
