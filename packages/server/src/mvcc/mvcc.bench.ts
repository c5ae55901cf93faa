/**
 * What the store costs above a database that forgets: load, put, get, page, count, txn, delete; and the memory of a million keys. Run it
 * by itself: `node --expose-gc packages/server/dist/mvcc/mvcc.bench.js [keys]`. Times are the processor's, not the clock's.
 */

import { SeededRandom } from "@etcd-ts/base";
import {
  createCompare,
  createDeleteRangeRequest,
  createPutRequest,
  createRangeRequest,
  createTxnRequest,
} from "@etcd-ts/proto";
import { DiscardingBackend } from "./discarding-backend.ts";
import { MvccStore } from "./mvcc-store.ts";
import type { ReadTask, WriteTask } from "./store-types.ts";

const KEYS = Number(process.argv[2] ?? 1_000_000);
const VALUE = Buffer.alloc(256, "v");
const random = new SeededRandom(1);
const target = Buffer.alloc(1 << 20);
const WHOLE = { key: Buffer.from("\0"), rangeEnd: Buffer.from("\0") };
const OPEN_END = Buffer.from("\0");

/** Keys of 31 bytes in random order, packed: the benchmark shall not have cache misses of its own. */
const KEY_BYTES = 31;
const packedKeys = Buffer.alloc(KEYS * KEY_BYTES);
for (let i = 0; i < KEYS; i++) {
  const hex = random.uint32().toString(16).padStart(8, "0") + random.uint32().toString(16).padStart(8, "0");
  packedKeys.write(`/registry/pods/${hex}`, i * KEY_BYTES, "latin1");
}
const scratchKey = Buffer.alloc(KEY_BYTES);

/** The same buffer each time. */
function keyAt(i: number): Buffer {
  for (let k = 0; k < KEY_BYTES; k++) scratchKey[k] = packedKeys[i * KEY_BYTES + k] as number;
  return scratchKey;
}

function someKey(): Buffer {
  return keyAt(random.below(KEYS));
}

const leases = { exists: () => true, attach: () => undefined, detach: () => undefined };
const backend = new DiscardingBackend();
const store = new MvccStore(backend, { clusterId: 1n << 60n, memberId: 1n << 61n, leases });
store.raftTerm = 3;

function report(name: string, count: number, work: () => void): void {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  const us = (user + system) / count;
  console.log(`${name.padEnd(48)} ${us.toFixed(3).padStart(10)} us  ${Math.round(1e6 / us)}/s`);
}

function memory(name: string): void {
  globalThis.gc?.();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  const mb = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  console.log(`${name.padEnd(48)} rss ${mb(rss)} heap ${mb(heapUsed)} buffers ${mb(arrayBuffers)}`);
}

function finish(task: ReadTask | WriteTask): void {
  while (task.run(2000) !== "done") store.reclaim();
  const response = task.outcome?.response;
  if (response !== undefined && response.size < target.length) response.writeTo(target, 0);
}

memory("before");
report("load, keys in random order", KEYS, () => {
  for (let i = 0; i < KEYS; i++) {
    store.putOne(keyAt(i), VALUE, 0n);
    if ((i & 255) === 0) store.reclaim();
  }
});
memory("after the load");
console.log(store.describe());

for (let round = 0; round < 3; round++) {
  report("get, random key", 500_000, () => {
    for (let i = 0; i < 500_000; i++) {
      store.prepareGet(someKey());
      store.writeGet(target, i & 1023);
    }
  });
  report("get, one key", 500_000, () => {
    const key = Buffer.from(keyAt(5));
    for (let i = 0; i < 500_000; i++) {
      store.prepareGet(key);
      store.writeGet(target, i & 1023);
    }
  });
  report("count of all", 100_000, () => {
    for (let i = 0; i < 100_000; i++) {
      finish(store.range(createRangeRequest({ ...WHOLE, countOnly: true })));
    }
  });
  report("page of 1,000", 1000, () => {
    for (let i = 0; i < 1000; i++) {
      finish(store.range(createRangeRequest({ key: someKey(), rangeEnd: OPEN_END, limit: 1000 })));
    }
  });
  report("page of 1,000, keys only", 1000, () => {
    for (let i = 0; i < 1000; i++) {
      finish(
        store.range(createRangeRequest({ key: someKey(), rangeEnd: OPEN_END, limit: 1000, keysOnly: true })),
      );
    }
  });
}

backend.stored = VALUE;
const pinned = store.currentRevision;
report("put, random known key", 500_000, () => {
  for (let i = 0; i < 500_000; i++) {
    store.putOne(someKey(), VALUE, 0n);
    if ((i & 255) === 0) store.reclaim();
  }
});
memory("after the puts");
console.log(store.describe());
report("page of 1,000 at a pinned revision", 500, () => {
  for (let i = 0; i < 500; i++) {
    const key = someKey();
    finish(store.range(createRangeRequest({ key, rangeEnd: OPEN_END, limit: 1000, revision: pinned })));
  }
});
report("count of all at a pinned revision", 10_000, () => {
  for (let i = 0; i < 10_000; i++) {
    finish(store.range(createRangeRequest({ ...WHOLE, countOnly: true, revision: pinned })));
  }
});
report("put, one key", 500_000, () => {
  const key = Buffer.from(keyAt(7));
  for (let i = 0; i < 500_000; i++) {
    store.putOne(key, VALUE, 0n);
    if ((i & 255) === 0) store.reclaim();
  }
});
report("get of that key at an old revision", 100_000, () => {
  for (let i = 0; i < 100_000; i++) {
    finish(store.range(createRangeRequest({ key: keyAt(7), revision: store.currentRevision - 250_000 })));
  }
});
report("put by task, with prev_kv", 200_000, () => {
  for (let i = 0; i < 200_000; i++) {
    finish(store.put(createPutRequest({ key: someKey(), value: VALUE, prevKv: true })));
    if ((i & 255) === 0) store.reclaim();
  }
});
report("txn: compare and put", 200_000, () => {
  for (let i = 0; i < 200_000; i++) {
    const key = someKey();
    const compare = createCompare({ key, target: 2, result: 1, targetUnion: "modRevision", modRevision: 0 });
    const put = createPutRequest({ key, value: VALUE });
    finish(
      store.txn(createTxnRequest({ compare: [compare], success: [{ case: "requestPut", value: put }] })),
    );
    if ((i & 255) === 0) store.reclaim();
  }
});
report("range of all, in slices", KEYS, () => finish(store.range(createRangeRequest(WHOLE))));
report("delete of all", KEYS, () => finish(store.deleteRange(createDeleteRangeRequest(WHOLE))));
store.reclaim();
memory("after the delete");
console.log(store.describe());
