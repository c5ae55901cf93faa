/**
 * Walks a whole bucket of a committed tree in the order of keys, reading ahead: the leaves that come next are known from the
 * branches above them, and a window of them is read together (they mostly lie side by side). Memory is two windows
 * and the branches. For the reader thread: start-up load, hashes.
 */

import { EMPTY_BYTES } from "@etcd-ts/base";
import {
  ABSENT,
  type Bucket,
  DatabaseError,
  MISSED,
  type Outcome,
  type PageSource,
  rootBucket,
  TreeCursor,
} from "../bbolt/index.ts";
import { ELEMENT_BUCKET, isLeaf } from "../bbolt/page-layout.ts";
import type { CommittedRoot } from "./backend-types.ts";
import type { NodeFile } from "./node-file.ts";

const WINDOW_BYTES = 1024 * 1024;
/** Branches kept; beyond that they are read again. */
const BRANCHES_MAX = 4096;

/**
 * Nodes of the window and branches. There are two buffers: the cursor still stands on a leaf in one while the other is filled.
 */
class Window implements PageSource {
  private readonly file: NodeFile;
  private readonly highWaterMark: number;
  private readonly branches = new Map<number, Uint8Array>();
  private leaves = new Map<number, Uint8Array>();
  private readonly buffers: [Uint8Array, Uint8Array] = [new Uint8Array(0), new Uint8Array(0)];

  constructor(file: NodeFile, highWaterMark: number) {
    this.file = file;
    this.highWaterMark = highWaterMark;
  }

  node(page: number): Uint8Array | undefined {
    return this.leaves.get(page) ?? this.branches.get(page);
  }

  /** The window becomes these pages; `standing`, the node under the cursor, is not overwritten. */
  read(pages: readonly number[], standing: Uint8Array): void {
    const free = this.buffers[0].buffer === standing.buffer ? 1 : 0;
    const bytes = this.file.targetBytes(pages);
    if (this.buffers[free].length < bytes) this.buffers[free] = new Uint8Array(Math.max(bytes, WINDOW_BYTES));
    this.leaves = new Map();
    if (this.branches.size > BRANCHES_MAX) this.branches.clear();
    this.file.readInto(this.buffers[free], pages, this.highWaterMark, (page, node) => {
      if (isLeaf(node)) this.leaves.set(page, node);
      else this.branches.set(page, node.slice());
    });
  }
}

export class TreeWalk {
  /** Stands on an element after `step` answered true. */
  readonly cursor: TreeCursor;
  /** How many windows were read: whoever works in slices stops when it moves. */
  windowsRead = 0;
  private readonly window: Window;
  private readonly windowPages: number;
  private readonly root: CommittedRoot;
  private bucket: Bucket = rootBucket(0);
  private outcome: Outcome = ABSENT;
  private begun = false;
  /** Of the elements of the bucket: those of the root bucket are buckets, all others pairs. */
  private flagsExpected = 0;
  private readonly path: string;
  /** Where the walk of the bucket begins. */
  private from: Uint8Array = EMPTY_BYTES;

  constructor(file: NodeFile, root: CommittedRoot) {
    this.root = root;
    this.path = file.file.path;
    this.window = new Window(file, root.highWaterMark);
    this.windowPages = Math.max(4, Math.floor(WINDOW_BYTES / file.pageBytes));
    this.cursor = new TreeCursor(this.window);
  }

  /** Moves before the first element of the bucket at or behind `from`; false when there is no such bucket. */
  enter(name: Uint8Array, from: Uint8Array = EMPTY_BYTES): boolean {
    this.from = from;
    const buckets = rootBucket(this.root.root);
    let outcome = this.cursor.get(buckets, name);
    while (outcome === MISSED) {
      this.window.read([this.cursor.missing], EMPTY_BYTES);
      outcome = this.cursor.get(buckets, name);
    }
    this.begun = false;
    if (outcome === ABSENT) return false;
    const bucket = this.cursor.bucketHere();
    if (bucket === undefined)
      throw new DatabaseError(`${this.path}: an element of the root bucket is not a bucket`);
    this.bucket = bucket;
    this.flagsExpected = 0;
    return true;
  }

  /** Names of all buckets, in order. */
  bucketNames(): Uint8Array[] {
    this.bucket = rootBucket(this.root.root);
    this.flagsExpected = ELEMENT_BUCKET;
    this.begun = false;
    this.from = EMPTY_BYTES;
    const names: Uint8Array[] = [];
    while (this.step()) names.push(this.cursor.keyCopy());
    return names;
  }

  /** The next element; false at the end of the bucket. */
  step(): boolean {
    do {
      if (this.outcome === MISSED) this.readAhead();
      this.outcome = this.begun ? this.cursor.next() : this.cursor.seek(this.bucket, this.from);
      if (this.outcome !== MISSED) this.begun = true;
    } while (this.outcome === MISSED);
    if (this.outcome === ABSENT) return false;
    if (this.cursor.flags !== this.flagsExpected) {
      throw new DatabaseError(`${this.path}: a bucket lies where pairs must be, or a pair among the buckets`);
    }
    return true;
  }

  private readAhead(): void {
    const pages: number[] = [];
    const from = this.begun ? this.cursor.keyCopy() : this.from;
    this.cursor.collectMissing(this.bucket, from, undefined, this.windowPages, pages);
    const { missing, node } = this.cursor;
    this.window.read(pages.includes(missing) ? pages : [missing, ...pages], node);
    this.windowsRead++;
  }
}
