/** A server under measurement: its process, its address, and what the kernel says that it used. */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const READY = "ready to serve client requests";
const READY_TIMEOUT_MS = 120_000;
const TICKS_PER_SECOND = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

export class Server {
  #program;
  #dir = mkdtempSync(join(tmpdir(), "etcd-bench-"));
  #child;
  #ports;
  #tls;
  #env;

  constructor(label, program, ports, { tls, env = {} } = {}) {
    this.label = label;
    this.#program = program;
    this.#ports = ports;
    this.#tls = tls;
    this.#env = env;
  }

  static async create(label, program, options) {
    return new Server(label, program, [await freePort(), await freePort()], options);
  }

  get url() {
    return `${this.#tls ? "https" : "http"}://127.0.0.1:${this.#ports[0]}`;
  }

  get pid() {
    return this.#child.pid;
  }

  get dir() {
    return this.#dir;
  }

  /** Starts and waits until it serves; resolves to the seconds that took. */
  async start() {
    const begin = performance.now();
    const peer = `http://127.0.0.1:${this.#ports[1]}`;
    const args = [
      "--name=m1",
      `--data-dir=${join(this.#dir, "m1.etcd")}`,
      `--listen-client-urls=${this.url}`,
      `--advertise-client-urls=${this.url}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=m1=${peer}`,
      "--quota-backend-bytes=8589934592",
      "--log-level=info",
      ...(this.#tls?.flags ?? []),
    ];
    const child = spawn(this.#program, args, {
      stdio: ["ignore", "ignore", "pipe"],
      env: { PATH: process.env.PATH, ...this.#env },
    });
    this.#child = child;
    let log = "";
    await new Promise((resolve, reject) => {
      const limit = setTimeout(
        () => reject(new Error(`${this.label} was not ready in time:\n${log}`)),
        READY_TIMEOUT_MS,
      );
      const onData = (data) => {
        log += data;
        if (!log.includes(READY)) return;
        clearTimeout(limit);
        child.stderr.off("data", onData).resume();
        resolve();
      };
      child.stderr.on("data", onData);
      child.once("error", reject);
      child.once("exit", () => {
        clearTimeout(limit);
        reject(new Error(`${this.label} ended:\n${log}`));
      });
    });
    return (performance.now() - begin) / 1000;
  }

  async stop(signal = "SIGTERM") {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill(signal);
    await ended;
    this.#child = undefined;
  }

  signal(signal) {
    this.#child.kill(signal);
  }

  async dispose() {
    await this.stop("SIGKILL");
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** CPU seconds of all threads so far. */
  cpuSeconds() {
    const stat = readFileSync(`/proc/${this.#child.pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  /** The sum of a metric over its labels. */
  async metric(name) {
    const response = await fetch(`${this.url}/metrics`);
    let sum = 0;
    for (const line of (await response.text()).split("\n")) {
      if (line.startsWith(name) && /[ {]/.test(line[name.length]))
        sum += Number(line.slice(line.lastIndexOf(" ")));
    }
    return sum;
  }

  /** Megabytes resident, now and at the peak. */
  memory() {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, "utf8");
    const megabytes = (name) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) / 1024);
    return { nowMb: megabytes("VmRSS"), peakMb: megabytes("VmHWM") };
  }
}

const PORT_MIN = 12_000;
const PORT_MAX = 30_000;

async function freePort() {
  for (;;) {
    const port = PORT_MIN + Math.floor(Math.random() * (PORT_MAX - PORT_MIN));
    if (await canBind(port)) return port;
  }
}

function canBind(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
