/**
 * Walks the records of bucket `key` in the order of revisions, out of the overlay's runs and the tree: where several hold the
 * same record, the newest decides, and a deletion there hides it.
 */

import { type Bucket, DatabaseError, FOUND, MISSED, type Outcome, type TreeCursor } from "../bbolt/index.ts";
import type { VisitRecord } from "./backend-types.ts";
import { placeOffset } from "./batch-writer.ts";
import type { CommittedTree } from "./committed-tree.ts";
import type { OverlayLayer, OverlayPart } from "./overlay-part.ts";
import {
  type RecordBound,
  recordKeyBytes,
  recordKeyFault,
  recordMain,
  recordMinor,
  writeRecordKey,
} from "./record-key.ts";
import { DELETED, type RecordRun } from "./record-run.ts";

/** Pages asked for together when a walk meets a missing one. */
const PREFETCH_PAGES = 32;

/** A run of the overlay and how far the walk is in it. */
interface RunHead {
  readonly run: RecordRun;
  readonly part: OverlayPart;
  readonly end: number;
  index: number;
}

export class RecordMerge {
  /** Newest first. */
  private readonly heads: RunHead[] = [];
  private readonly tree: CommittedTree;
  private readonly bucket: Bucket | null;
  private readonly cursor: TreeCursor;
  private readonly hi: RecordBound;
  private outcome: Outcome = FOUND;
  /** Where the walk is: everything before is visited. */
  private main: number;
  private minor: number;
  /** The tree's record under the cursor, while `outcome` is FOUND. */
  private treeMain = 0;
  private treeMinor = 0;

  constructor(
    layers: readonly OverlayLayer[],
    tree: CommittedTree,
    bucket: Bucket | null,
    cursor: TreeCursor,
    lo: RecordBound,
    hi: RecordBound,
  ) {
    this.tree = tree;
    this.bucket = bucket;
    this.cursor = cursor;
    this.hi = hi;
    this.main = lo.main;
    this.minor = lo.minor;
    for (const layer of layers) {
      this.addRun(layer.part, layer.late, layer.late.length);
      this.addRun(layer.part, layer.part.ascending, layer.ascendingEnd);
    }
  }

  /** False when a page was missing (it is noted): the walk goes on behind the last record visited. */
  walk(visit: VisitRecord): boolean {
    this.seekTree();
    for (;;) {
      const head = this.firstHead();
      const main = head === undefined ? this.hi.main : head.run.mains[head.index]!;
      const minor = head === undefined ? this.hi.minor : head.run.minors[head.index]!;
      if (!this.walkTree(main, minor, visit)) return true;
      if (this.outcome === MISSED) return this.missed();
      if (head === undefined) return true;
      if (this.outcome === FOUND && this.treeMain === main && this.treeMinor === minor) this.nextInTree();
      if (!this.visitHead(head, main, minor, visit)) return true;
    }
  }

  private addRun(part: OverlayPart, run: RecordRun, length: number): void {
    const index = run.lowerBound(this.main, this.minor, length);
    const end = this.hi.main === Infinity ? length : run.lowerBound(this.hi.main, this.hi.minor, length);
    if (index < end) this.heads.push({ run, part, end, index });
  }

  /** The head with the lowest record; the newest where several have it. */
  private firstHead(): RunHead | undefined {
    let first: RunHead | undefined;
    let main = 0;
    let minor = 0;
    for (const head of this.heads) {
      if (head.index === head.end) continue;
      const headMain = head.run.mains[head.index]!;
      const headMinor = head.run.minors[head.index]!;
      if (first === undefined || headMain < main || (headMain === main && headMinor < minor)) {
        first = head;
        main = headMain;
        minor = headMinor;
      }
    }
    return first;
  }

  /** Visits the head's record and passes it in all runs; false when the visitor stops. */
  private visitHead(head: RunHead, main: number, minor: number, visit: VisitRecord): boolean {
    const { run, part, index } = head;
    for (const other of this.heads) {
      const at = other.index;
      if (at < other.end && other.run.mains[at] === main && other.run.minors[at] === minor) other.index++;
    }
    this.passTo(main, minor);
    const valueBytes = run.lengths[index]!;
    if (valueBytes === DELETED) return true;
    const place = run.places[index]!;
    const start = placeOffset(place) + recordKeyBytes(minor);
    return visit(main, minor >>> 1, (minor & 1) === 1, part.writer.chunkAt(place), start, start + valueBytes);
  }

  /** Visits the tree's records before (`main`, `minor`); false when the visitor stops. */
  private walkTree(main: number, minor: number, visit: VisitRecord): boolean {
    while (
      this.outcome === FOUND &&
      (this.treeMain < main || (this.treeMain === main && this.treeMinor < minor))
    ) {
      const { treeMain, treeMinor, cursor } = this;
      this.passTo(treeMain, treeMinor);
      if (
        !visit(treeMain, treeMinor >>> 1, (treeMinor & 1) === 1, cursor.node, cursor.keyEnd, cursor.valueEnd)
      ) {
        return false;
      }
      this.nextInTree();
    }
    return true;
  }

  private passTo(main: number, minor: number): void {
    this.main = main;
    this.minor = minor + 1;
  }

  private seekTree(): void {
    if (this.bucket === null || this.main === Infinity) {
      this.outcome = 0;
      return;
    }
    this.outcome = this.cursor.seek(this.bucket, keyOf(this.main, this.minor));
    this.readTree();
  }

  private nextInTree(): void {
    this.outcome = this.cursor.next();
    this.readTree();
  }

  private readTree(): void {
    if (this.outcome !== FOUND) return;
    const { node, keyStart, keyEnd } = this.cursor;
    const fault = recordKeyFault(node, keyStart, keyEnd);
    if (fault !== undefined)
      throw new DatabaseError(`bucket "key" holds a key that is no revision: ${fault}`);
    this.treeMain = recordMain(node, keyStart);
    this.treeMinor = recordMinor(node, keyStart, keyEnd - keyStart);
  }

  private missed(): false {
    this.tree.noteMiss(this.cursor);
    if (this.bucket === null) return false;
    const ahead: number[] = [];
    const hi = this.hi.main === Infinity ? undefined : keyOf(this.hi.main, this.hi.minor);
    this.cursor.collectMissing(this.bucket, keyOf(this.main, this.minor), hi, PREFETCH_PAGES, ahead);
    this.tree.notePages(ahead);
    return false;
  }
}

function keyOf(main: number, minor: number): Uint8Array {
  const key = new Uint8Array(recordKeyBytes(minor));
  writeRecordKey(key, 0, main, minor);
  return key;
}
