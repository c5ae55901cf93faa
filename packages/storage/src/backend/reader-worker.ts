/**
 * The reader thread: its work behind messages. Fetches come in between the slices of long jobs. A failure is told once and
 * ends the thread.
 */

import { parentPort, workerData } from "node:worker_threads";
import { RealDisk } from "../disk/real-disk.ts";
import type { ReaderThreadReply, ReaderThreadRequest, ReaderWorkerData } from "./reader-thread.ts";
import { ReaderWork } from "./reader-work.ts";
import { describeFailure } from "./storage-failure.ts";

const port = parentPort!;
const { path, pageBytes } = workerData as ReaderWorkerData;
let scheduled = false;

function say(reply: ReaderThreadReply, transfer: readonly ArrayBuffer[]): void {
  port.postMessage(reply, transfer);
}

function guarded(task: () => void): void {
  try {
    task();
  } catch (error) {
    say({ kind: "failed", failure: describeFailure(error) }, []);
    port.close();
  }
}

guarded(() => {
  const reader = new ReaderWork(new RealDisk(), path, pageBytes, say);
  say({ kind: "opened" }, []);
  const slice = () =>
    guarded(() => {
      scheduled = reader.work();
      if (scheduled) setImmediate(slice);
    });
  port.on("message", (request: ReaderThreadRequest) =>
    guarded(() => {
      if (request.kind === "close") {
        reader.close();
        say({ kind: "closed" }, []);
        port.close();
        return;
      }
      reader.handle(request);
      if (!scheduled) setImmediate(slice);
      scheduled = true;
    }),
  );
});
