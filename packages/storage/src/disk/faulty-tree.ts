/**
 * Files and folders of the faulty disk, each with what is seen, what is durable, and the changes between the two. A change
 * of a folder is one name linked, unlinked or moved; a change of a file one write or one new length.
 *
 * Invariant: the durable state with all changes applied in order is the state that is seen.
 */

import type { LockKind } from "./disk.ts";

/** What a device writes as a whole; a torn write loses whole sectors. */
export const SECTOR_SIZE_BYTES = 512;
/** What a file system gives out. */
export const PAGE_SIZE_BYTES = 4096;

/** What a crash decides about each change that was not synced. */
export interface Chance {
  /** `isLast`: of the file, or of the folder. */
  keeps(isLast: boolean): boolean;
  /** Whether one sector of a kept write is lost all the same. */
  tears(): boolean;
}

type FileChange =
  | { readonly kind: "write"; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: "truncate"; readonly length: number };

export class Inode {
  readonly number: number;
  /** What was written; it may end before the file does: the rest is zero. Zero, too, from the file's end on. */
  bytes: Uint8Array = new Uint8Array(0);
  length = 0;
  /** Locks by the handle that holds them. */
  readonly locks = new Map<object, LockKind>();
  #durable: Uint8Array = new Uint8Array(0);
  #durableLength = 0;
  #changes: FileChange[] = [];
  /** Somebody else reads the same array: it is copied before it is written. */
  #bytesAreShared = false;
  #durableIsShared = false;
  /** Pages that hold a written byte: what the file takes of the device. */
  readonly #pages = new Set<number>();

  constructor(number: number) {
    this.number = number;
  }

  get pageCount(): number {
    return this.#pages.size;
  }

  newPages(position: number, length: number): number {
    let count = 0;
    for (
      let page = Math.floor(position / PAGE_SIZE_BYTES);
      page * PAGE_SIZE_BYTES < position + length;
      page++
    ) {
      if (!this.#pages.has(page)) count++;
    }
    return count;
  }

  write(bytes: Uint8Array, position: number): void {
    const end = position + bytes.length;
    this.#ownBytes(end);
    this.bytes.set(bytes, position);
    this.length = Math.max(this.length, end);
    for (let page = Math.floor(position / PAGE_SIZE_BYTES); page * PAGE_SIZE_BYTES < end; page++) {
      this.#pages.add(page);
    }
    this.#changes.push({ kind: "write", position, bytes });
  }

  truncate(length: number): void {
    if (length < this.length) {
      this.#ownBytes(0);
      this.bytes.fill(0, length, this.length);
    }
    this.length = length;
    for (const page of this.#pages) if (page * PAGE_SIZE_BYTES >= length) this.#pages.delete(page);
    this.#changes.push({ kind: "truncate", length });
  }

  /** The same file with the same past, without its locks. */
  fork(): Inode {
    const copy = new Inode(this.number);
    copy.bytes = this.bytes;
    copy.length = this.length;
    copy.#durable = this.#durable;
    copy.#durableLength = this.#durableLength;
    for (const inode of [this, copy]) {
      inode.#bytesAreShared = true;
      inode.#durableIsShared = true;
    }
    copy.#changes = [...this.#changes];
    for (const page of this.#pages) copy.#pages.add(page);
    return copy;
  }

  sync(): void {
    for (const change of this.#changes) this.#persist(change, undefined);
    this.#changes = [];
  }

  /** A sector reaches the device as it was at some moment: having missed one change, it misses all after it. */
  crash(chance: Chance): void {
    const stale = new Set<number>();
    const last = this.#changes.at(-1);
    for (const change of this.#changes) {
      this.#persist(change, { chance, stale, isKept: chance.keeps(change === last) });
    }
    this.#changes = [];
    this.bytes = this.#durable;
    this.length = this.#durableLength;
    this.#bytesAreShared = true;
    this.#durableIsShared = true;
  }

  #ownBytes(length: number): void {
    this.bytes = this.#bytesAreShared ? copied(this.bytes, length) : grown(this.bytes, length);
    this.#bytesAreShared = false;
  }

  #ownDurable(length: number): void {
    this.#durable = this.#durableIsShared ? copied(this.#durable, length) : grown(this.#durable, length);
    this.#durableIsShared = false;
  }

  #persist(change: FileChange, fate: Fate | undefined): void {
    if (change.kind === "write") this.#persistWrite(change.position, change.bytes, fate);
    else if (fate?.isKept ?? true) this.#persistLength(change.length);
  }

  #persistLength(length: number): void {
    if (length < this.#durableLength) {
      this.#ownDurable(0);
      this.#durable.fill(0, length, this.#durableLength);
    }
    this.#durableLength = length;
  }

  #persistWrite(position: number, bytes: Uint8Array, fate: Fate | undefined): void {
    const end = position + bytes.length;
    if (fate?.isKept ?? true) {
      this.#ownDurable(end);
      this.#durableLength = Math.max(this.#durableLength, end);
    }
    for (let at = position; at < end; ) {
      const sector = Math.floor(at / SECTOR_SIZE_BYTES);
      const next = Math.min(end, (sector + 1) * SECTOR_SIZE_BYTES);
      if (reaches(fate, sector)) this.#durable.set(bytes.subarray(at - position, next - position), at);
      at = next;
    }
  }
}

/** What becomes of one change in a crash. */
interface Fate {
  readonly chance: Chance;
  readonly isKept: boolean;
  /** Sectors that have missed a change. */
  readonly stale: Set<number>;
}

function reaches(fate: Fate | undefined, sector: number): boolean {
  if (fate === undefined) return true;
  if (fate.stale.has(sector)) return false;
  if (fate.isKept && !fate.chance.tears()) return true;
  fate.stale.add(sector);
  return false;
}

type FolderChange =
  | { readonly kind: "link"; readonly name: string; readonly entry: Inode | Folder }
  | { readonly kind: "unlink"; readonly name: string }
  | { readonly kind: "move"; readonly from: string; readonly to: string; readonly entry: Inode | Folder };

export class Folder {
  entries = new Map<string, Inode | Folder>();
  #durable = new Map<string, Inode | Folder>();
  #changes: FolderChange[] = [];

  link(name: string, entry: Inode | Folder): void {
    this.#change({ kind: "link", name, entry });
  }

  unlink(name: string): void {
    this.#change({ kind: "unlink", name });
  }

  /** One change, kept or lost as a whole: a rename inside a folder is atomic. */
  move(from: string, to: string, entry: Inode | Folder): void {
    this.#change({ kind: "move", from, to, entry });
  }

  /** Durable at once. */
  place(name: string, entry: Inode | Folder): void {
    this.entries.set(name, entry);
    this.#durable.set(name, entry);
  }

  /** The same folder with the same past; `copyOf` gives one copy of each entry, however often it is named. */
  fork(copyOf: (entry: Inode | Folder) => Inode | Folder): Folder {
    const copy = new Folder();
    for (const [name, entry] of this.entries) copy.entries.set(name, copyOf(entry));
    for (const [name, entry] of this.#durable) copy.#durable.set(name, copyOf(entry));
    copy.#changes = this.#changes.map((change) =>
      change.kind === "unlink" ? change : { ...change, entry: copyOf(change.entry) },
    );
    return copy;
  }

  sync(): void {
    this.#durable = new Map(this.entries);
    this.#changes = [];
  }

  crash(chance: Chance): void {
    const last = this.#changes.at(-1);
    for (const change of this.#changes) {
      if (chance.keeps(change === last)) applyTo(this.#durable, change);
    }
    this.#changes = [];
    this.entries = new Map(this.#durable);
    for (const entry of this.entries.values()) if (entry instanceof Folder) entry.crash(chance);
  }

  pageCount(): number {
    let count = 0;
    for (const entry of this.entries.values()) {
      count += entry instanceof Folder ? entry.pageCount() : entry.pageCount;
    }
    return count;
  }

  #change(change: FolderChange): void {
    applyTo(this.entries, change);
    this.#changes.push(change);
  }
}

function applyTo(entries: Map<string, Inode | Folder>, change: FolderChange): void {
  switch (change.kind) {
    case "link":
      entries.set(change.name, change.entry);
      return;
    case "unlink":
      entries.delete(change.name);
      return;
    case "move":
      if (entries.get(change.from) === change.entry) entries.delete(change.from);
      entries.set(change.to, change.entry);
      return;
  }
}

function copied(bytes: Uint8Array, length: number): Uint8Array {
  const copy = new Uint8Array(Math.max(bytes.length, length));
  copy.set(bytes);
  return copy;
}

/** The same bytes with room for `length`, zero beyond what there was; grows by doubling. */
function grown(bytes: Uint8Array, length: number): Uint8Array {
  if (length <= bytes.length) return bytes;
  const wider = new Uint8Array(Math.max(length, Math.min(bytes.length * 2, bytes.length + 16_777_216)));
  wider.set(bytes);
  return wider;
}
