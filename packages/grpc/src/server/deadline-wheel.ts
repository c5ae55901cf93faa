/**
 * Deadlines of calls: a hashed timing wheel. Adding and removing is O(1) and allocates nothing, since most calls are answered
 * long before their deadline. A slot holds every entry whose tick has its number, of this round or a later one.
 *
 * The wheel does not read clocks: `advanceTo` is told the time and calls back for each entry that is due.
 */

export const WHEEL_TICK_MS = 10;
const SLOTS = 1024;

/** Links of an entry; a call is its own entry. */
export interface WheelEntry {
  deadline: number;
  /** -1 while in no wheel. */
  wheelSlot: number;
  wheelNext: WheelEntry | undefined;
  wheelPrevious: WheelEntry | undefined;
}

export class DeadlineWheel<T extends WheelEntry> {
  length = 0;
  private readonly slots: (WheelEntry | undefined)[] = new Array(SLOTS).fill(undefined);
  private readonly onDue: (entry: T) => void;
  private tick: number;

  constructor(nowMs: number, onDue: (entry: T) => void) {
    this.tick = Math.floor(nowMs / WHEEL_TICK_MS);
    this.onDue = onDue;
  }

  add(entry: T): void {
    const tick = Math.max(Math.ceil(entry.deadline / WHEEL_TICK_MS), this.tick + 1);
    const slot = tick % SLOTS;
    const first = this.slots[slot];
    entry.wheelSlot = slot;
    entry.wheelNext = first;
    entry.wheelPrevious = undefined;
    if (first !== undefined) first.wheelPrevious = entry;
    this.slots[slot] = entry;
    this.length++;
  }

  remove(entry: WheelEntry): void {
    if (entry.wheelSlot < 0) return;
    if (entry.wheelPrevious === undefined) this.slots[entry.wheelSlot] = entry.wheelNext;
    else entry.wheelPrevious.wheelNext = entry.wheelNext;
    if (entry.wheelNext !== undefined) entry.wheelNext.wheelPrevious = entry.wheelPrevious;
    entry.wheelSlot = -1;
    entry.wheelNext = undefined;
    entry.wheelPrevious = undefined;
    this.length--;
  }

  /** Fires what is due at `nowMs`. */
  advanceTo(nowMs: number): void {
    const target = Math.floor(nowMs / WHEEL_TICK_MS);
    const slots = Math.min(target - this.tick, SLOTS);
    const start = this.tick + 1;
    this.tick = Math.max(target, this.tick);
    for (let i = 0; i < slots; i++) this.fire((start + i) % SLOTS, nowMs);
  }

  private fire(slot: number, nowMs: number): void {
    const due: WheelEntry[] = [];
    for (let entry = this.slots[slot]; entry !== undefined; entry = entry.wheelNext) {
      if (entry.deadline <= nowMs) due.push(entry);
    }
    for (const entry of due) {
      if (entry.wheelSlot < 0) continue;
      this.remove(entry);
      this.onDue(entry as T); // only entries of type T are ever added
    }
  }
}
