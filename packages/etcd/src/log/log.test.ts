import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import type { LogLevel } from "@etcd-ts/base";
import { consoleLine, jsonLine, type LineFormat } from "./line-format.ts";
import { LineLogger } from "./line-logger.ts";
import { openLog } from "./open-log.ts";
import { RotatingFile } from "./rotating-file.ts";
import { parseRotationConfig, type RotationConfig } from "./rotation-config.ts";
import { Sampler } from "./sampler.ts";
import { Timestamps } from "./timestamp.ts";

const dir = mkdtempSync(join(tmpdir(), "etcd-log-"));
after(() => rmSync(dir, { recursive: true }));

const MICROS = Date.UTC(2026, 0, 2, 3, 4, 5) * 1000 + 123_456;

function memoryLog(format: LineFormat = jsonLine, level: LogLevel = "debug") {
  const lines: string[] = [];
  const log = new LineLogger({
    level,
    format,
    outputs: [{ write: (line) => lines.push(line) }],
    now: () => MICROS,
  });
  return { log, lines };
}

describe("a line", () => {
  test("is one JSON object in the original's order", () => {
    const { log, lines } = memoryLog();
    log.named("raft").info("a/b.ts:1", 'said "x"\n', {
      n: 1,
      big: 2n ** 63n,
      list: ["a", 2],
      on: true,
      none: undefined,
      map: { k: null },
    });
    const head =
      /^\{"level":"info","ts":"[^"]+","logger":"raft","caller":"a\/b\.ts:1","msg":"said \\"x\\"\\n",/;
    assert.match(lines[0]!, head);
    assert.ok(
      lines[0]!.endsWith('"n":1,"big":9223372036854775808,"list":["a",2],"on":true,"map":{"k":null}}\n'),
    );
    log.warn("c.ts:2", "plain");
    assert.match(lines[1]!, /^\{"level":"warn","ts":"[^"]+","caller":"c\.ts:2","msg":"plain"\}\n$/);
  });

  test("is columns with the fields behind them for the console", () => {
    const { log, lines } = memoryLog(consoleLine);
    log.error("a.ts:1", "text", { a: "b", list: [1, 2] });
    log.named("raft").info("a.ts:2", "text");
    assert.match(lines[0]!, /^\S+\terror\ta\.ts:1\ttext\t\{"a": "b", "list": \[1, 2\]\}\n$/);
    assert.match(lines[1]!, /^\S+\tinfo\traft\ta\.ts:2\ttext\n$/);
  });

  test("below the level is not written", () => {
    const { log, lines } = memoryLog(jsonLine, "warn");
    log.info("a.ts:1", "x");
    log.fatal("a.ts:1", "y");
    assert.equal(lines.length, 1);
    assert.deepEqual([log.isOn("info"), log.isOn("warn"), log.named("n").isOn("info")], [false, true, false]);
  });
});

test("times have microseconds and the zone", () => {
  assert.equal(new Timestamps(() => 0).show(MICROS), "2026-01-02T03:04:05.123456Z");
  assert.equal(new Timestamps(() => 9 * 60).show(MICROS), "2026-01-02T12:04:05.123456+0900");
  assert.equal(new Timestamps(() => -330).show(MICROS + 1e6), "2026-01-01T21:34:06.123456-0530");
});

test("a flood passes by the hundred, and again in the next second", () => {
  const sampler = new Sampler();
  const passed = (n: number, at: number) =>
    Array.from({ length: n }, () => sampler.admits(1, "x", at)).filter(Boolean).length;
  assert.equal(passed(1000, MICROS), 100 + 9);
  assert.equal(sampler.admits(1, "another message", MICROS), true);
  assert.equal(passed(100, MICROS + 1e6), 100);
});

describe("opening", () => {
  const settings = {
    logger: "zap",
    logOutputs: [join(dir, "plain.log")],
    logLevel: "INFO",
    logFormat: "json",
    enableLogRotation: false,
    logRotationConfigJson: "{}",
  };

  test("appends to a file", () => {
    for (const message of ["one", "two"]) {
      const log = openLog(settings, false);
      assert.ok(log.ok);
      log.value.info("a.ts:1", message);
    }
    assert.equal(readFileSync(settings.logOutputs[0]!, "utf8").split("\n").length, 3);
  });

  test("refuses what cannot be, in the original's words", () => {
    const table: ReadonlyArray<readonly [Partial<typeof settings>, string]> = [
      [{ logOutputs: ["default", "stdout"] }, 'multi logoutput for "default" is not supported yet'],
      [
        { enableLogRotation: true, logOutputs: ["stderr"] },
        "--log-outputs requires a single file path when --log-rotate-config-json is defined",
      ],
      [
        { enableLogRotation: true, logRotationConfigJson: '{"maxsize": true}' },
        "invalid log rotation config: json: cannot unmarshal bool into Go struct field logRotationConfig.Logger.maxsize of type int",
      ],
      [
        { enableLogRotation: true, logRotationConfigJson: "{" },
        "improperly formatted log rotation config: unexpected end of JSON input",
      ],
      [
        { logOutputs: [join(dir, "no/x")] },
        `open sink "${dir}/no/x": open ${dir}/no/x: no such file or directory`,
      ],
    ];
    for (const [change, reason] of table)
      assert.deepEqual(openLog({ ...settings, ...change }, false), { ok: false, reason });
    assert.deepEqual(openLog({ ...settings, logLevel: "loud" }, false), {
      ok: false,
      panic: 'unrecognized level: "loud"',
    });
  });
});

describe("rotation", () => {
  const config: RotationConfig = { maxsize: 1, maxage: 0, maxbackups: 2, localtime: false, compress: false };
  const line = (text: string) => `${text.padEnd(59)}\n`;

  /** Writes lines of 60 bytes into files of 100, an hour between two rotations. */
  async function fill(
    name: string,
    lines: number,
    change: Partial<RotationConfig> = {},
  ): Promise<readonly string[]> {
    let hour = 0;
    const now = () => new Date(Date.UTC(2026, 0, 1, hour++));
    const file = new RotatingFile(
      join(dir, name, "etcd.log"),
      { ...config, ...change },
      { now, sizeMax: 100 },
    );
    for (let i = 0; i < lines; i++) file.write(line(`line ${i}`));
    await file.cleaned();
    return readdirSync(join(dir, name)).sort();
  }

  test("puts full files aside under their time and keeps the newest", async () => {
    const names = await fill("kept", 5);
    assert.equal(names.length, 3);
    assert.equal(names[2], "etcd.log");
    for (const name of names.slice(0, 2)) assert.match(name, /^etcd-2026-01-01T\d\d-00-00\.000\.log$/);
    assert.equal(readFileSync(join(dir, "kept", "etcd.log"), "utf8"), line("line 4"));
    assert.equal(statSync(join(dir, "kept", "etcd.log")).mode & 0o777, 0o600);
  });

  test("compresses old files when asked to", async () => {
    const names = await fill("packed", 3, { compress: true });
    const packed = names.filter((name) => name.endsWith(".log.gz"));
    assert.equal(packed.length, 2);
    assert.equal(gunzipSync(readFileSync(join(dir, "packed", packed[0]!))).toString(), line("line 0"));
  });

  test("goes on with a file that is there", async () => {
    await fill("again", 1);
    await fill("again", 1);
    assert.equal(existsSync(join(dir, "again", "etcd.log")), true);
    assert.equal(readdirSync(join(dir, "again")).length, 2);
  });

  test("knows its settings in any case, and passes over strange ones", () => {
    assert.deepEqual(parseRotationConfig('{"MaxSize": 5, "other": 1, "compress": true}'), {
      ok: true,
      value: { maxsize: 5, maxage: 0, maxbackups: 0, localtime: false, compress: true },
    });
  });
});
