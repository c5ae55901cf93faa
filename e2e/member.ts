/**
 * A server process of an end-to-end test, ours or the original's: started on free loopback ports with a temporary data
 * directory, awaited by its log, stopped by the pid it was started with. Nothing here knows what a test asks of it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const READY_LINE = "ready to serve client requests";
const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;

export interface MemberOptions {
  readonly program: string;
  /** Whose process it is; only root may choose. */
  readonly uid?: number;
  /** Flags besides name, directory and addresses. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Of the address for other members. */
  readonly peerScheme?: "http" | "https";
}

/** How a process ended: `code` or, if a signal ended it, `signal`. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class Member {
  readonly dataDir: string;
  readonly clientUrl: string;
  readonly peerUrl: string;
  /** Everything the present process wrote to its standard error. */
  log = "";
  readonly #options: MemberOptions;
  #child: ChildProcess | undefined;
  #ended: Promise<Exit> | undefined;

  private constructor(options: MemberOptions, dir: string, ports: readonly [number, number]) {
    this.#options = options;
    this.dataDir = join(dir, "m1.etcd");
    this.clientUrl = `http://127.0.0.1:${ports[0]}`;
    this.peerUrl = `${options.peerScheme ?? "http"}://127.0.0.1:${ports[1]}`;
  }

  static async create(options: MemberOptions): Promise<Member> {
    const dir = mkdtempSync(join(tmpdir(), "etcd-e2e-"));
    return new Member(options, dir, [await freePort(), await freePort()]);
  }

  /** The process id; the member must be running. */
  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error("the member is not running");
    return pid;
  }

  /** Starts the process and waits until it serves; throws with its log when it does not. Another program may take over. */
  async start(program = this.#options.program): Promise<void> {
    this.launch(program);
    await this.logged(READY_LINE);
  }

  /** Starts the process without waiting. */
  launch(program = this.#options.program): void {
    this.log = "";
    const env = { PATH: process.env.PATH ?? "", ...this.#options.env };
    const { uid } = this.#options;
    const user = uid === undefined ? {} : { uid, gid: uid };
    const child = spawn(program, this.#flags(), { env, ...user, stdio: ["ignore", "ignore", "pipe"] });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.log += text;
    });
    this.#ended = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve({ code, signal }));
    });
    this.#child = child;
  }

  /** Resolves once the log holds the text. */
  async logged(text: string): Promise<void> {
    const child = this.#child;
    if (child?.stderr == null || this.#ended === undefined) throw new Error("the member is not running");
    const limit = AbortSignal.timeout(READY_TIMEOUT_MS);
    let ended = false;
    const end = this.#ended.then(() => {
      ended = true;
    });
    while (!this.log.includes(text)) {
      if (ended) throw new Error(`the process ended without logging "${text}":\n${this.log}`);
      await Promise.race([once(child.stderr, "data", { signal: limit }), end]);
    }
  }

  /** Sends the signal and waits for the end; a process that does not obey is killed, and that is an error. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<Exit> {
    const child = this.#child;
    if (child === undefined || this.#ended === undefined) throw new Error("the member is not running");
    child.kill(signal);
    let obeyed = true;
    const last = setTimeout(() => {
      obeyed = false;
      child.kill("SIGKILL");
    }, STOP_TIMEOUT_MS);
    const exit = await this.#ended;
    clearTimeout(last);
    this.#child = undefined;
    if (!obeyed)
      throw new Error(`the process did not end within ${STOP_TIMEOUT_MS} ms of ${signal}:\n${this.log}`);
    return exit;
  }

  /** How the process ended by itself. */
  async ended(): Promise<Exit> {
    if (this.#ended === undefined) throw new Error("the member was never started");
    return this.#ended;
  }

  /** Ends what runs. */
  async end(): Promise<void> {
    if (this.#child !== undefined && this.#child.exitCode === null) await this.stop("SIGKILL");
  }

  /** Ends what runs and removes the directory. */
  async dispose(): Promise<void> {
    await this.end();
    rmSync(join(this.dataDir, ".."), { recursive: true, force: true });
  }

  #flags(): string[] {
    const { clientUrl, peerUrl, dataDir } = this;
    return [
      "--name=m1",
      `--data-dir=${dataDir}`,
      `--listen-client-urls=${clientUrl}`,
      `--advertise-client-urls=${clientUrl}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=m1=${peerUrl}`,
      ...(this.#options.flags ?? []),
    ];
  }
}

// Below the usual range of ephemeral ports, so that no outgoing connection takes one between the look and the bind.
const PORT_MIN = 12_000;
const PORT_MAX = 30_000;
const handedOut = new Set<number>();

export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORT_MIN + Math.floor(Math.random() * (PORT_MAX - PORT_MIN));
    if (handedOut.has(port) || !(await canBind(port))) continue;
    handedOut.add(port);
    return port;
  }
}

function canBind(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
