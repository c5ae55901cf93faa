/**
 * One Snapshot call (`bbolt-file.md` 9.1): the database's pages in messages of 32 KiB, then the SHA-256 of them all. Read no faster
 * than the client takes it; a client that stops reading is cut off, because its snapshot holds on to pages.
 */

import { Code, type ServerStreamListener, type StreamCall } from "@etcd-ts/grpc";
import { ERRORS, type SnapshotResponse, sizeOfSnapshotResponse, writeSnapshotResponse } from "@etcd-ts/proto";
import type { MemberLines } from "../log/member-lines.ts";
import type { ServerMetrics } from "../metrics/server-metrics.ts";
import type { SnapshotJob, SnapshotPiece, SnapshotTaker, StorageJobs } from "../node/storage-jobs.ts";

/** Permanent: what clients of the original see. */
const BLOB_BYTES = 32 * 1024;
/** What is read from the disk at once. */
const PIECE_BYTES = 8 * BLOB_BYTES;

export interface SnapshotMember {
  readonly jobs: StorageJobs;
  readonly metrics: ServerMetrics;
  readonly status: { readonly storageVersion: string };
  readonly lines: MemberLines;
  readonly nowMs: number;
}

export class SnapshotStream implements SnapshotTaker, ServerStreamListener {
  private readonly call: StreamCall;
  private readonly member: SnapshotMember;
  private job: SnapshotJob | undefined;
  private version = "";
  private begunAtMs = 0;
  private remainingBytes = 0;
  private totalBytes = 0;
  private beganAtMs = 0;
  /** The queue was full when the last piece had been sent. */
  private isParked = false;

  constructor(call: StreamCall, member: SnapshotMember) {
    this.call = call;
    this.member = member;
    call.highWaterBytes = PIECE_BYTES;
    this.job = member.jobs.openSnapshot(this);
    if (this.job === undefined) call.end(ERRORS.tooManyRequests.code, ERRORS.tooManyRequests.message);
  }

  onOpen(job: SnapshotJob, bytes: number): void {
    this.job = job;
    this.remainingBytes = bytes;
    this.totalBytes = bytes;
    this.version = this.member.status.storageVersion;
    this.beganAtMs = this.member.nowMs;
    this.member.lines.snapshotBegins(bytes, this.version);
    this.begunAtMs = this.member.metrics.clockMs();
    this.askForMore();
  }

  onPiece({ bytes, digest }: SnapshotPiece): void {
    let taken = true;
    for (let at = 0; at < bytes.length; at += BLOB_BYTES) {
      const blob = bytes.subarray(at, at + BLOB_BYTES);
      this.remainingBytes -= blob.length;
      taken = this.send(blob);
    }
    if (digest !== undefined) this.finish(digest);
    else if (taken) this.askForMore();
    else this.isParked = true;
  }

  onCutOff(): void {
    this.call.end(Code.RESOURCE_EXHAUSTED, "etcdserver: snapshot is cut off: its client stopped reading");
  }

  onDrain(): void {
    if (!this.isParked) return;
    this.isParked = false;
    this.askForMore();
  }

  onCancel(): void {
    this.job?.end();
  }

  private finish(digest: Uint8Array): void {
    const { metrics } = this.member;
    metrics.databaseSnapshot.observe((metrics.clockMs() - this.begunAtMs) / 1000);
    const { lines, nowMs } = this.member;
    lines.snapshotChecksum(this.totalBytes, digest.length);
    this.send(digest);
    lines.snapshotSent(this.totalBytes, this.version, nowMs - this.beganAtMs);
    this.job?.end();
    this.call.end();
  }

  private askForMore(): void {
    this.job?.next(PIECE_BYTES);
  }

  private send(blob: Uint8Array): boolean {
    const { remainingBytes, version } = this;
    const message: SnapshotResponse = { header: undefined, remainingBytes, blob, version };
    return this.call.sendInto(sizeOfSnapshotResponse(message), writeSnapshotResponse, message);
  }
}
