/** What clients asked and heard, in order of their asking: what the checkers judge by. Times are the scheduler's. */

export type Operation =
  | { readonly kind: "put"; readonly key: string; readonly value: string }
  /** Several keys of one group in one txn. */
  | { readonly kind: "put-group"; readonly keys: readonly string[]; readonly value: string }
  /** All keys with the prefix. */
  | { readonly kind: "delete-group"; readonly prefix: string }
  /** `atRevision` 0: now. */
  | { readonly kind: "get"; readonly key: string; readonly atRevision: number }
  | { readonly kind: "compact"; readonly revision: number };

export interface Acknowledgement {
  readonly atMs: number;
  /** Of the header. */
  readonly revision: number;
  /** Of a get: what was read; undefined: no such key. */
  readonly value?: string | undefined;
  /** Of a delete: how many keys. */
  readonly deleted?: number | undefined;
}

export interface HistoryEntry {
  readonly operation: Operation;
  readonly askedAtMs: number;
  acknowledged: Acknowledgement | undefined;
}

export class History {
  readonly entries: HistoryEntry[] = [];
  /** Largest revision that anybody was told of. */
  revisionSeen = 0;
  /** Clients ask nothing more. */
  closed = false;

  ask(operation: Operation, atMs: number): HistoryEntry {
    const entry: HistoryEntry = { operation, askedAtMs: atMs, acknowledged: undefined };
    this.entries.push(entry);
    return entry;
  }

  acknowledge(entry: HistoryEntry, acknowledgement: Acknowledgement): void {
    entry.acknowledged = acknowledgement;
    this.revisionSeen = Math.max(this.revisionSeen, acknowledgement.revision);
  }
}
