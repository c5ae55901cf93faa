/**
 * The npm client `etcd3`, an implementation of the API that shares nothing with ours: what it gets from our server is what it gets
 * from the original's. Each story ends in a value without ids and times, which both must give.
 */
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { describe, test } from "node:test";
import { Etcd3, EtcdLeaseInvalidError, EtcdLockFailedError, type WatchBuilder, type Watcher } from "etcd3";
import { Member } from "./member.ts";
import { original, ours, withoutOriginal } from "./programs.ts";

const STORY_TIMEOUT_MS = 60_000;

interface Story {
  readonly name: string;
  readonly tell: (client: Etcd3) => Promise<unknown>;
  readonly expected: unknown;
}

const STORIES: readonly Story[] = [
  {
    name: "puts, gets and deletes",
    async tell(client) {
      await client.put("a").value("1");
      await client.put("b").value(Buffer.from([0, 255]));
      await client.put("c/1").value("x");
      await client.put("c/2").value("y");
      const previous = await client.put("a").value("2").getPrevious();
      return {
        previous: previous?.value.toString(),
        one: await client.get("a").string(),
        number: await client.get("a").number(),
        bytes: [...((await client.get("b").buffer()) ?? [])],
        missing: await client.get("nobody"),
        exists: [await client.get("a").exists(), await client.get("nobody").exists()],
        prefix: await client.getAll().prefix("c/").strings(),
        keys: await client.getAll().keys(),
        limited: await client.getAll().sort("Key", "Descend").limit(2).keys(),
        count: await client.getAll().count(),
        old: await client.get("a").revision(2).string(),
        deletedOne: (await client.delete().key("a").exec()).deleted,
        deletedPrefix: (await client.delete().prefix("c/").getPrevious()).map(({ key }) => key.toString()),
        left: (await client.delete().all().exec()).deleted,
      };
    },
    expected: {
      previous: "1",
      one: "2",
      number: 2,
      bytes: [0, 255],
      missing: null,
      exists: [true, false],
      prefix: { "c/1": "x", "c/2": "y" },
      keys: ["a", "b", "c/1", "c/2"],
      limited: ["c/2", "c/1"],
      count: 4,
      old: "1",
      deletedOne: "1",
      deletedPrefix: ["c/1", "c/2"],
      left: "1",
    },
  },
  {
    name: "transactions by comparison",
    async tell(client) {
      const transfer = () =>
        client
          .if("from", "Value", "==", "10")
          .and("from", "Version", ">", 0)
          .then(client.put("from").value("0"), client.put("to").value("10"), client.get("from"))
          .else(client.get("from"))
          .commit();
      await client.put("from").value("10");
      const done = await transfer();
      const refused = await transfer();
      return {
        done: [done.succeeded, done.responses[2]?.response_range?.kvs[0]?.value.toString()],
        refused: [refused.succeeded, refused.responses[0]?.response_range?.kvs[0]?.value.toString()],
        all: await client.getAll().strings(),
      };
    },
    expected: {
      done: [true, "0"],
      refused: [false, "0"],
      all: { from: "0", to: "10" },
    },
  },
  {
    name: "software transactions that get in each other's way",
    async tell(client) {
      await client.put("counter").value(0);
      const add = () =>
        client.stm({ retries: 100 }).transact(async (tx) => {
          const value = await tx.get("counter").number();
          await tx.put("counter").value((value ?? 0) + 1);
        });
      await Promise.all(Array.from({ length: 8 }, add));
      const read = await client.stm().transact((tx) => tx.get("counter").number());
      return { read, version: (await client.get("counter").exec()).kvs[0]?.version };
    },
    expected: { read: 8, version: "9" },
  },
  {
    name: "watches: of a key, of a prefix, from the past, cancelled",
    async tell(client) {
      const seen = new Seen();
      const one = await seen.watch("one", client.watch().key("w/1"));
      const all = await seen.watch("all", client.watch().prefix("w/").withPreviousKV());
      const first = await client.put("w/1").value("a");
      await client.put("w/2").value("b");
      await client.put("w/1").value("c");
      await client.delete().key("w/1");
      await seen.reaches(7);
      const fromFirst = client.watch().prefix("w/").startRevision(first.header.revision);
      const past = await seen.watch("past", fromFirst);
      await seen.reaches(11);
      for (const watcher of [one, all, past]) await watcher.cancel();
      await client.put("w/1").value("nobody sees it");
      return seen.lines.sort();
    },
    expected: [
      "all delete w/1 was c",
      "all put w/1=a",
      "all put w/1=c was a",
      "all put w/2=b",
      "one delete w/1",
      "one put w/1=a",
      "one put w/1=c",
      "past delete w/1",
      "past put w/1=a",
      "past put w/1=c",
      "past put w/2=b",
    ],
  },
  {
    name: "leases: kept alive, revoked, lost",
    async tell(client) {
      const lease = client.lease(60);
      await lease.put("leased/1").value("x");
      await lease.put("leased/2").value("y");
      const id = await lease.grant();
      const { TTL } = await lease.keepaliveOnce();
      const known = await client.leaseClient.leaseTimeToLive({ ID: id, keys: true });
      const before = await client.getAll().prefix("leased/").keys();
      await lease.revoke();
      const gone = await client.getAll().prefix("leased/").keys();
      const unknown = await client.leaseClient.leaseTimeToLive({ ID: id, keys: true });
      const lost = client.lease(60);
      const lostId = await lost.grant();
      await client.leaseClient.leaseRevoke({ ID: lostId });
      const error = await lost.keepaliveOnce().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      return {
        TTL,
        known: [known.grantedTTL, known.keys.map(String).sort()],
        before,
        gone,
        unknown: unknown.TTL,
        lost: error instanceof EtcdLeaseInvalidError,
        put: await client
          .put("k")
          .value("v")
          .lease(lostId)
          .then(() => "", nameOf),
      };
    },
    expected: {
      TTL: "60",
      known: ["60", ["leased/1", "leased/2"]],
      before: ["leased/1", "leased/2"],
      gone: [],
      unknown: "-1",
      lost: true,
      put: "EtcdLeaseInvalidError",
    },
  },
  {
    name: "a lease that nobody renews ends, and its keys with it",
    async tell(client) {
      const watcher = await client.watch().key("short").create();
      const lease = client.lease(2, { autoKeepAlive: false });
      await lease.put("short").value("x");
      const granted = performance.now();
      await once(watcher, "delete");
      const early = performance.now() - granted < 1900;
      await watcher.cancel();
      return { early, value: await client.get("short") };
    },
    expected: { early: false, value: null },
  },
  {
    name: "locks exclude each other",
    async tell(client) {
      const held = await client.lock("lock").ttl(10).acquire();
      const failed = await client
        .lock("lock")
        .acquire()
        .then(
          () => false,
          (reason: unknown) => reason instanceof EtcdLockFailedError,
        );
      await held.release();
      const value = await client.lock("lock").do(() => "inside");
      return { failed, value };
    },
    expected: { failed: true, value: "inside" },
  },
  {
    name: "elections: campaign, proclaim, observe, resign",
    async tell(client) {
      const seen: (string | undefined)[] = [];
      const election = client.election("team", 10);
      const first = election.campaign("first");
      await first.wait();
      const observer = await election.observe();
      observer.on("change", (value) => seen.push(value));
      const second = election.campaign("second");
      await second.getCampaignKey();
      const leader = await election.leader();
      await first.proclaim("still first");
      while (!seen.includes("still first")) await once(observer, "change");
      await Promise.all([first.resign(), once(second, "elected")]);
      while (!seen.includes("second")) await once(observer, "change");
      await observer.cancel();
      await second.resign();
      return { leader, after: await election.leader(), changes: seen.slice(seen.indexOf("still first")) };
    },
    expected: { leader: "first", after: undefined, changes: ["still first", "second"] },
  },
  {
    name: "namespaces: keys, watches, leases and locks under a prefix",
    async tell(client) {
      const space = client.namespace("space/");
      const seen = new Seen();
      const watcher = await seen.watch("space", space.watch().prefix(""));
      await client.put("outside").value("1");
      await space.put("inside").value("2");
      await space.lease(30).put("leased").value("3");
      await space.if("inside", "Value", "==", "2").then(space.put("inside").value("4")).commit();
      await seen.reaches(3);
      await watcher.cancel();
      return {
        seen: seen.lines,
        inside: await space.getAll().strings(),
        outside: await space.get("outside"),
        all: await client.getAll().keys(),
        locked: await space.lock("l").do(async () => await client.getAll().prefix("space/l").count()),
        deleted: (await space.delete().all().exec()).deleted,
        left: await client.getAll().keys(),
      };
    },
    expected: {
      seen: ["space put inside=2", "space put leased=3", "space put inside=4"],
      inside: { inside: "4", leased: "3" },
      outside: null,
      all: ["outside", "space/inside", "space/leased"],
      locked: 2,
      deleted: "2",
      left: ["outside"],
    },
  },
];

for (const [whose, program, skip] of [
  ["our server", ours("etcd"), false],
  ["the original's server", original("etcd"), withoutOriginal("etcd")],
] as const) {
  describe(`the npm client on ${whose}`, { skip }, () => {
    for (const { name, tell, expected } of STORIES) {
      test(name, { timeout: STORY_TIMEOUT_MS }, async () => {
        // A new one each: stories tell of revisions.
        const member = await Member.create({ program });
        await member.start();
        const client = new Etcd3({ hosts: member.clientUrl });
        try {
          assert.deepEqual(await tell(client), expected);
        } finally {
          client.close();
          await member.dispose();
        }
      });
    }
  });
}

/** What watchers told, as lines. */
class Seen {
  readonly lines: string[] = [];
  readonly #more = new EventEmitter();

  /** Listens before the watch is made: its first events come with the answer. */
  async watch(name: string, order: WatchBuilder): Promise<Watcher> {
    const watcher = order.watcher();
    watcher.on("put", ({ key, value }, previous) => this.#add(`${name} put ${key}=${value}`, previous));
    watcher.on("delete", ({ key }, previous) => this.#add(`${name} delete ${key}`, previous));
    await once(watcher, "connected");
    return watcher;
  }

  async reaches(count: number): Promise<void> {
    while (this.lines.length < count) await once(this.#more, "line");
  }

  #add(line: string, previous: { readonly value: Buffer } | null | undefined): void {
    this.lines.push(previous == null ? line : `${line} was ${previous.value}`);
    this.#more.emit("line");
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.constructor.name : String(error);
}
