/**
 * `node packages/proto/dist/codec.bench.js`: nanoseconds an operation of the codecs on the path of a put and a get. What is
 * called `write` is sized and written into a buffer that is there, as the server does it; `encode` allocates as well, and
 * the allocation is the larger half.
 */

import { createKeyValue, decodeKeyValue, encodeKeyValue, sizeOfKeyValue, writeKeyValue } from "./gen/kv.ts";
import { RaftRequestField } from "./gen/raft-request-bodies.ts";
import {
  createPutRequest,
  createPutResponse,
  createRangeRequest,
  createRangeResponse,
  createResponseHeader,
  createTxnRequest,
  decodePutRequest,
  decodeRangeRequest,
  decodeTxnRequest,
  encodePutRequest,
  encodePutResponse,
  encodeRangeRequest,
  encodeRangeResponse,
  encodeTxnRequest,
  sizeOfPutResponse,
  sizeOfRangeResponse,
  writePutResponse,
  writeRangeResponse,
} from "./gen/rpc.ts";
import {
  decodeInternalRaftRequest,
  encodeInternalRaftRequest,
  sizeOfInternalRaftRequest,
  writeInternalRaftRequest,
} from "./raft-request.ts";

const ROUNDS = 5;
const REPEATS = 200_000;

const key = Buffer.alloc(31, "k");
const value = Buffer.alloc(256, "v");
const put = encodePutRequest(createPutRequest({ key, value }));
const get = encodeRangeRequest(createRangeRequest({ key }));
const pair = createKeyValue({ key, value, createRevision: 1_000_000, modRevision: 2_000_000, version: 3 });
const stored = encodeKeyValue(pair);
const txn = encodeTxnRequest(
  createTxnRequest({
    compare: [
      {
        result: 0,
        target: 0,
        key,
        version: 3,
        createRevision: 0,
        modRevision: 0,
        value: key,
        lease: 0n,
        rangeEnd: Buffer.alloc(0),
        targetUnion: "version",
      },
    ],
    success: [{ case: "requestPut", value: createPutRequest({ key, value }) }],
  }),
);
const header = createResponseHeader({
  clusterId: 0xcdf818194e3a8c32n,
  memberId: 0x8e9e05c52164694dn,
  revision: 2_000_000,
  raftTerm: 3,
});
const rangeResponse = createRangeResponse({ header, kvs: [stored], count: 1 });
const putResponse = createPutResponse({ header });
const request = {
  idLo: 77,
  idHi: 0x694d0199,
  username: "",
  authRevision: 0,
  field: RaftRequestField.put,
  body: put,
};
const out = Buffer.allocUnsafeSlow(4096);
const entry = encodeInternalRaftRequest(request);

const cases: Readonly<Record<string, () => unknown>> = {
  "decode PutRequest": () => decodePutRequest(put),
  "decode RangeRequest": () => decodeRangeRequest(get),
  "decode TxnRequest (1 compare, 1 put)": () => decodeTxnRequest(txn),
  "write RangeResponse (1 stored pair)": () =>
    sizeOfRangeResponse(rangeResponse) + writeRangeResponse(rangeResponse, out, 0),
  "write PutResponse": () => sizeOfPutResponse(putResponse) + writePutResponse(putResponse, out, 0),
  "write KeyValue": () => sizeOfKeyValue(pair) + writeKeyValue(pair, out, 0),
  "write InternalRaftRequest (spliced)": () =>
    sizeOfInternalRaftRequest(request) + writeInternalRaftRequest(request, out, 0),
  "encode RangeResponse (1 stored pair)": () => encodeRangeResponse(rangeResponse),
  "encode PutResponse": () => encodePutResponse(putResponse),
  "encode KeyValue": () => encodeKeyValue(pair),
  "decode KeyValue": () => decodeKeyValue(stored),
  "encode InternalRaftRequest (spliced)": () => encodeInternalRaftRequest(request),
  "decode InternalRaftRequest": () => decodeInternalRaftRequest(entry),
};

let sink: unknown;

function nanosecondsEach(run: () => unknown): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < REPEATS; i++) sink = run();
  return Number(process.hrtime.bigint() - start) / REPEATS;
}

const best = new Map<string, number>();
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, run] of Object.entries(cases)) {
    best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, nanosecondsEach(run)));
  }
}
for (const [name, nanoseconds] of best) console.log(`${nanoseconds.toFixed(0).padStart(6)} ns  ${name}`);
if (sink === undefined) console.log("nothing was measured");
