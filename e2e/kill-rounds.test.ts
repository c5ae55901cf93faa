import assert from "node:assert/strict";
import { test } from "node:test";
import { KvClient } from "./kv-client.ts";
import { Member } from "./member.ts";
import { ours } from "./programs.ts";

/** `ETCD_TS_KILL_ROUNDS` makes it longer or shorter. */
const ROUNDS = Number(process.env.ETCD_TS_KILL_ROUNDS ?? 50);
const WRITERS = 64;
const ACKNOWLEDGED_PER_ROUND = 500;

/** What the writers know: of each key the newest value that was acknowledged, and the newest that was sent. */
class Knowledge {
  readonly acknowledged = new Map<string, number>();
  readonly sent = new Map<string, number>();
  revision = 0;
  total = 0;
}

test(`kill -9 in ${ROUNDS} rounds under load: no acknowledged write is missing, no revision goes back`, async () => {
  const member = await Member.create({ program: ours("etcd"), flags: ["--snapshot-count=2000"] });
  const known = new Knowledge();
  try {
    for (let round = 1; round <= ROUNDS; round++) {
      await member.start();
      await judge(member, known, round);
      await writeUntilKilled(member, known);
    }
    await member.start();
    await judge(member, known, ROUNDS + 1);
  } finally {
    await member.dispose();
  }
  assert.ok(known.total >= ROUNDS * ACKNOWLEDGED_PER_ROUND, "the rounds did something");
});

async function writeUntilKilled(member: Member, known: Knowledge): Promise<void> {
  const client = new KvClient(member.clientUrl);
  const target = known.total + ACKNOWLEDGED_PER_ROUND + Math.floor(Math.random() * 1000);
  let killed: Promise<unknown> | undefined;
  const write = async (key: string): Promise<void> => {
    for (;;) {
      const value = (known.sent.get(key) ?? 0) + 1;
      known.sent.set(key, value);
      const revision = await client.put(key, String(value));
      if (revision === undefined) return;
      known.acknowledged.set(key, value);
      known.revision = Math.max(known.revision, revision);
      if (++known.total >= target) killed ??= member.stop("SIGKILL");
    }
  };
  await Promise.all(
    Array.from({ length: WRITERS }, (_, writer) => write(`k/${String(writer).padStart(3, "0")}`)),
  );
  assert.ok(killed !== undefined, "the writers ended before the member was killed");
  await killed;
  client.close();
}

async function judge(member: Member, known: Knowledge, round: number): Promise<void> {
  const client = new KvClient(member.clientUrl);
  const read = await client.range("k/");
  client.close();
  assert.ok(read !== undefined, `round ${round}: the member does not answer`);
  assert.ok(
    read.revision >= known.revision,
    `round ${round}: revision ${read.revision} after ${known.revision}`,
  );
  const stored = new Map(
    read.pairs.map(({ key, value }) => [Buffer.from(key).toString(), Number(Buffer.from(value).toString())]),
  );
  for (const [key, value] of known.acknowledged) {
    const found = stored.get(key) ?? 0;
    assert.ok(found >= value, `round ${round}: ${key} is ${found}, but ${value} was acknowledged`);
    assert.ok(found <= known.sent.get(key)!, `round ${round}: ${key} is ${found}, which nobody wrote`);
  }
}
