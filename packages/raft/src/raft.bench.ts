/**
 * Micro-benchmark: entries proposed, replicated, committed and applied a second, by one voter and by three in one process, and what a
 * round of heartbeats allocates. `node packages/raft/dist/raft.bench.js`
 */

import { Session } from "node:inspector";
import { performance } from "node:perf_hooks";
import { SeededRandom } from "@etcd-ts/base";
import {
  EMPTY_CONF_STATE,
  Entry,
  EntryType,
  isEmptyHardState,
  type Message,
  MessageType,
} from "@etcd-ts/proto";
import { MemoryStorage, RawNode } from "./index.ts";

const ELECTION_TICKS = 10;
const COMPACT_EVERY = 20_000;
const DATA = new Uint8Array(256);

/** Members with logs in memory whose disks take no time. */
class Cluster {
  readonly nodes: RawNode[] = [];
  private readonly storages: MemoryStorage[] = [];
  private readonly mail: Message[] = [];
  applied = 0;

  constructor(size: number) {
    const voters = Array.from({ length: size }, (_, i) => BigInt(i + 1));
    for (const id of voters) {
      const storage = new MemoryStorage();
      const metadata = { confState: { ...EMPTY_CONF_STATE, voters }, index: 1, term: 1 };
      storage.applySnapshot({ data: undefined, metadata });
      storage.setHardState({ term: 1, vote: 0n, commit: 1 });
      const timing = { electionTicks: ELECTION_TICKS, heartbeatTicks: 1, inflightMessagesMax: 512 };
      const mode = { asyncStorageWrites: true, preVote: true, checkQuorum: true, messageBytesMax: 2 ** 20 };
      this.nodes.push(new RawNode({ id, storage, random: new SeededRandom(Number(id)), ...timing, ...mode }));
      this.storages.push(storage);
    }
    this.nodes[0]!.campaign();
    this.run();
  }

  /** Handles everything until nothing is left. */
  run(): void {
    for (let busy = true; busy; ) {
      busy = false;
      for (let i = 0; i < this.nodes.length; i++) {
        while (this.nodes[i]!.hasReady()) {
          busy = true;
          this.handle(i);
        }
      }
      for (const message of this.mail.splice(0)) this.nodes[Number(message.to) - 1]!.step(message);
    }
  }

  private handle(i: number): void {
    const node = this.nodes[i]!;
    const storage = this.storages[i]!;
    for (const message of node.ready().messages) {
      if (message.type === MessageType.StorageAppend) {
        storage.append(message.entries);
        if (!isEmptyHardState(message)) storage.setHardState(node.hardState());
        this.mail.push(...message.responses);
      } else if (message.type === MessageType.StorageApply) {
        if (i === 0) this.applied += message.entries.length;
        node.step(message.responses[0]!);
        const last = storage.lastIndex();
        if (last - storage.firstIndex() > COMPACT_EVERY) storage.compact(node.raft.log.applied - 100);
      } else {
        this.mail.push(message);
      }
    }
  }

  tick(): void {
    for (const node of this.nodes) node.tick();
    this.run();
  }
}

function entriesPerSecond(size: number, batch: number, milliseconds: number): number {
  const cluster = new Cluster(size);
  const start = performance.now();
  const before = cluster.applied;
  while (performance.now() - start < milliseconds) {
    const entries: Entry[] = [];
    for (let i = 0; i < batch; i++) entries.push(new Entry(EntryType.Normal, 0, 0, DATA));
    cluster.nodes[0]!.proposeEntries(entries);
    cluster.run();
  }
  return ((cluster.applied - before) / (performance.now() - start)) * 1000;
}

interface Allocation {
  readonly selfSize: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children: readonly Allocation[];
}

/** What `rounds` rounds of heartbeats allocate, by function, from the heap profiler. */
function heartbeatAllocations(rounds: number): { site: string; bytes: number }[] {
  const cluster = new Cluster(3);
  for (let i = 0; i < 1000; i++) cluster.tick();
  const session = new Session();
  session.connect();
  const sampling = {
    samplingInterval: 512,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  };
  session.post("HeapProfiler.startSampling", sampling);
  for (let i = 0; i < rounds; i++) cluster.tick();
  const bytes = new Map<string, number>();
  const visit = (node: Allocation): void => {
    const { functionName, url, lineNumber } = node.callFrame;
    const site = `${functionName || "(anonymous)"} ${url.split("/").slice(-2).join("/")}:${lineNumber + 1}`;
    if (node.selfSize > 0) bytes.set(site, (bytes.get(site) ?? 0) + node.selfSize);
    for (const child of node.children) visit(child);
  };
  session.post("HeapProfiler.stopSampling", (_error, { profile }) => visit(profile.head as Allocation));
  session.disconnect();
  return [...bytes]
    .map(([site, total]) => ({ site, bytes: total / rounds }))
    .sort((a, b) => b.bytes - a.bytes);
}

for (const size of [1, 3]) {
  for (const batch of [1, 10, 100, 1000]) {
    entriesPerSecond(size, batch, 300);
    const rate = Math.round(entriesPerSecond(size, batch, 1000));
    console.log(`${size} voters, batches of ${batch}: ${rate.toLocaleString("en")} entries/s`);
  }
}
const sites = heartbeatAllocations(20_000);
const total = sites.reduce((sum, it) => sum + it.bytes, 0);
console.log(`a heartbeat round of 3 voters allocates ${Math.round(total)} bytes:`);
for (const { site, bytes } of sites.slice(0, 14)) console.log(`  ${Math.round(bytes)} ${site}`);
