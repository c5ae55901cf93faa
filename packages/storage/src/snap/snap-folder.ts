/**
 * The folder `member/snap`: `.snap` files, databases received from a leader, and what unfinished work has left there. The
 * database `db` itself is none of its business.
 *
 * A `.snap` file is written under a name that starts with `tmp`, synced and renamed, and the folder is synced: under its own
 * name there is never a part of it.
 */

import type { Snapshot } from "@etcd-ts/proto";
import { type Disk, DiskError } from "../disk/disk.ts";
import {
  decodeSnapFile,
  encodeSnapFile,
  SnapError,
  type SnapName,
  snapDatabaseIndex,
  snapDatabaseName,
  snapName,
  snapsAmong,
} from "./snap-file.ts";

const SNAP_PERMISSIONS = 0o666;

export interface FoundSnapshot {
  readonly snapshot: Snapshot;
  readonly name: string;
}

export class SnapFolder {
  readonly path: string;
  readonly #disk: Disk;

  constructor(disk: Disk, path: string) {
    this.#disk = disk;
    this.path = path;
  }

  /** Durable when it returns. */
  save(snapshot: Snapshot): void {
    const name = snapName(snapshot.metadata.term, snapshot.metadata.index);
    const temporary = `${this.path}/tmp-${name}`;
    const bytes = encodeSnapFile(snapshot);
    const file = this.#disk.open(temporary, "create", SNAP_PERMISSIONS);
    file.write(bytes, 0, bytes.length, 0);
    file.sync();
    file.close();
    this.#disk.rename(temporary, `${this.path}/${name}`);
    this.#disk.syncDirectory(this.path);
  }

  /**
   * The newest snapshot that can be read and that `isWanted`, by what its file says of itself. Files that cannot be read are
   * set aside as `.broken`, and told to `onBroken`.
   */
  newest(
    isWanted: (term: number, index: number) => boolean,
    onBroken: (error: SnapError) => void,
  ): FoundSnapshot | undefined {
    for (const { name } of this.list()) {
      const snapshot = this.#load(name, onBroken);
      if (snapshot === undefined) continue;
      if (isWanted(snapshot.metadata.term, snapshot.metadata.index)) return { snapshot, name };
    }
    return undefined;
  }

  /** The snapshot of just this term and index; undefined when there is no such file. Throws a {@link SnapError} on a broken one. */
  at(term: number, index: number): Snapshot | undefined {
    const path = `${this.path}/${snapName(term, index)}`;
    return this.#disk.exists(path) ? decodeSnapFile(path, this.#read(path)) : undefined;
  }

  /** Newest first. */
  list(): SnapName[] {
    return snapsAmong(this.#disk.list(this.path));
  }

  /** What an earlier run did not finish: databases half received, `.snap` files half written, a defragmentation. */
  removeLeftovers(): void {
    for (const name of this.#disk.list(this.path)) {
      if (name.startsWith("tmp") || name.startsWith("db.tmp.")) this.#disk.remove(`${this.path}/${name}`);
    }
  }

  /** Keeps the newest `countMax` received databases and as many snapshots; 0 keeps all. */
  purge(countMax: number): void {
    if (countMax === 0) return;
    const names = this.#disk.list(this.path);
    for (const suffix of ["snap.db", "snap"]) {
      const matching = names.filter((name) => name.endsWith(suffix));
      for (const name of matching.slice(0, Math.max(0, matching.length - countMax))) {
        this.#disk.remove(`${this.path}/${name}`);
      }
    }
  }

  /** Received databases below a snapshot that is durable are not needed any more. */
  releaseDatabases(index: number): void {
    for (const name of this.#disk.list(this.path)) {
      const received = snapDatabaseIndex(name);
      if (received !== undefined && received < index) this.#disk.remove(`${this.path}/${name}`);
    }
  }

  databasePath(index: number): string {
    return `${this.path}/${snapDatabaseName(index)}`;
  }

  /** A received database that is whole and synced gets the name that the snapshot at `index` is found by. */
  keepDatabase(temporaryName: string, index: number): void {
    this.#disk.rename(`${this.path}/${temporaryName}`, this.databasePath(index));
    this.#disk.syncDirectory(this.path);
  }

  #load(name: string, onBroken: (error: SnapError) => void): Snapshot | undefined {
    const path = `${this.path}/${name}`;
    try {
      return decodeSnapFile(path, this.#read(path));
    } catch (error) {
      if (!(error instanceof SnapError)) throw error;
      this.#disk.rename(path, `${path}.broken`);
      onBroken(error);
      return undefined;
    }
  }

  #read(path: string): Uint8Array {
    const file = this.#disk.open(path, "read");
    const bytes = new Uint8Array(file.size());
    const count = file.read(bytes, 0, bytes.length, 0);
    file.close();
    if (count < bytes.length) throw new DiskError("EIO", path, `read ${path}: the file became shorter`);
    return bytes;
  }
}
