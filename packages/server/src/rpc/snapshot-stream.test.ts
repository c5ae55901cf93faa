import assert from "node:assert/strict";
import { test } from "node:test";
import { SILENT_LOGGER } from "@etcd-ts/base";
import type { StreamCall } from "@etcd-ts/grpc";
import { decodeSnapshotResponse, type SnapshotResponse } from "@etcd-ts/proto";
import { MemberLines } from "../log/member-lines.ts";
import { ServerMetrics } from "../metrics/server-metrics.ts";
import type { SnapshotJob, SnapshotTaker, StorageJobs } from "../node/storage-jobs.ts";
import { type SnapshotMember, SnapshotStream } from "./snapshot-stream.ts";

const BLOB_BYTES = 32 * 1024;

/** A call whose client takes messages until it is told not to, and a snapshot job that counts. */
class Bench {
  readonly messages: SnapshotResponse[] = [];
  takes = true;
  ended: { code: number | undefined } | undefined;
  taker!: SnapshotTaker;
  asked = 0;
  jobEnded = false;
  isFull = false;
  readonly job: SnapshotJob = {
    next: () => {
      this.asked++;
    },
    end: () => {
      this.jobEnded = true;
    },
  };
  readonly stream: SnapshotStream;

  constructor(isFull = false) {
    const call = {
      highWaterBytes: 0,
      sendInto: <T>(size: number, encode: (m: T, target: Buffer, at: number) => number, message: T) => {
        const bytes = Buffer.alloc(size);
        assert.equal(encode(message, bytes, 0), size);
        this.messages.push(decodeSnapshotResponse(bytes));
        return this.takes;
      },
      end: (code?: number) => {
        this.ended = { code };
      },
    };
    const jobs = {
      openSnapshot: (taker: SnapshotTaker) => {
        this.taker = taker;
        return isFull ? undefined : this.job;
      },
    };
    const member: SnapshotMember = {
      jobs: jobs as unknown as StorageJobs,
      status: { storageVersion: "3.7.0" },
      lines: new MemberLines(SILENT_LOGGER, 1n, 1n),
      metrics: new ServerMetrics(),
      nowMs: 0,
    };
    this.stream = new SnapshotStream(call as unknown as StreamCall, member);
  }
}

const DIGEST = new Uint8Array(32).fill(9);

test("blobs of 32 KiB with what is left behind each, then the digest", () => {
  const bench = new Bench();
  const total = 2 * BLOB_BYTES + 4096;
  bench.taker.onOpen(bench.job, total);
  assert.equal(bench.asked, 1);
  bench.taker.onPiece({ bytes: new Uint8Array(total).fill(1), digest: DIGEST });
  assert.deepEqual(
    bench.messages.map(({ blob, remainingBytes, version }) => [blob.length, remainingBytes, version]),
    [
      [BLOB_BYTES, BLOB_BYTES + 4096, "3.7.0"],
      [BLOB_BYTES, 4096, "3.7.0"],
      [4096, 0, "3.7.0"],
      [32, 0, "3.7.0"],
    ],
  );
  assert.deepEqual(Buffer.from(bench.messages.at(-1)!.blob), Buffer.from(DIGEST));
  assert.deepEqual(bench.ended, { code: undefined });
  assert.ok(bench.jobEnded);
});

test("nothing more is read while the client does not take what was sent", () => {
  const bench = new Bench();
  bench.taker.onOpen(bench.job, 4 * BLOB_BYTES);
  bench.takes = false;
  bench.taker.onPiece({ bytes: new Uint8Array(BLOB_BYTES), digest: undefined });
  assert.equal(bench.asked, 1);
  bench.stream.onDrain();
  bench.stream.onDrain();
  assert.equal(bench.asked, 2);
});

test("a client that leaves ends the job, one that stops reading is told, one too many is refused", () => {
  const left = new Bench();
  left.taker.onOpen(left.job, BLOB_BYTES);
  left.stream.onCancel();
  assert.ok(left.jobEnded);
  const stalled = new Bench();
  stalled.taker.onCutOff();
  assert.equal(stalled.ended?.code, 8);
  const refused = new Bench(true);
  assert.equal(refused.ended?.code, 2);
});
