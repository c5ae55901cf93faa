/**
 * The layout of the database, which follows the cluster version; here that is its mark alone (`disk-formats.md` 5.2). Upwards at once.
 * Downwards only when a snapshot behind the decision is in the log: a member of the lower version must not find entries of the
 * higher one, and the mark is what tells operators that such a member may take over.
 */

import { utf8Bytes } from "@etcd-ts/base";
import type { Backend } from "@etcd-ts/storage";
import type { MemberLines } from "../log/member-lines.ts";
import { isBelow } from "../membership/version-order.ts";
import { storedVersionFor } from "../start/storage-version.ts";
import type { Persistence } from "./persistence.ts";

const META_STORAGE_VERSION = utf8Bytes("storageVersion");
/** What the original calls the layout before there was a mark. */
const OLDEST_STORAGE_VERSION = "3.5.0";

export class StorageLayout {
  /** `3.7.0`-style; empty: of a release that left no sign. */
  version: string;
  private readonly backend: Backend;
  private readonly persistence: Persistence;
  private readonly lines: MemberLines;
  /** The version to go down to, and the index that a snapshot must reach before. */
  private lowering: { readonly clusterVersion: string; readonly index: number } | undefined;
  /** The append that has, or follows, the record of such a snapshot. */
  private append: number | undefined;

  constructor(version: string, backend: Backend, persistence: Persistence, lines: MemberLines) {
    this.version = version;
    this.backend = backend;
    this.persistence = persistence;
    this.lines = lines;
  }

  /** `index`: of the entry by which the cluster decided, or a later one. */
  follow(clusterVersion: string | undefined, index: number): void {
    this.lowering = undefined;
    this.append = undefined;
    const wanted = storedVersionFor(clusterVersion);
    if (wanted === undefined || clusterVersion === undefined) return;
    if (!isBelow(wanted.reported, this.version)) return this.moveTo(clusterVersion);
    this.lowering = { clusterVersion, index };
    this.persistence.forceSnapshot();
  }

  /** `append`: the last of the log's by now. */
  onSnapshotSaved(index: number, append: number): void {
    if (this.lowering === undefined) return;
    if (index >= this.lowering.index) this.append ??= append;
    else this.persistence.forceSnapshot();
  }

  /** Call it now and then; the log is durable up to `append`. */
  onTick(append: number): void {
    if (this.lowering === undefined || this.append === undefined || append < this.append) return;
    this.moveTo(this.lowering.clusterVersion);
    this.lowering = undefined;
  }

  private moveTo(clusterVersion: string): void {
    const wanted = storedVersionFor(clusterVersion);
    if (wanted === undefined || wanted.reported === this.version) return;
    this.lines.storageVersionBehind(wanted.reported, this.version || OLDEST_STORAGE_VERSION);
    if (wanted.stored) this.backend.put("meta", META_STORAGE_VERSION, utf8Bytes(wanted.reported));
    else this.backend.delete("meta", META_STORAGE_VERSION);
    this.version = wanted.reported;
    this.lines.storageVersionSet(wanted.reported);
  }
}
