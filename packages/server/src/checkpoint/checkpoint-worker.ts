/**
 * The checkpoint's thread: reads one at the start, or writes one. It lives as long as that takes. A checkpoint is never needed, so
 * what fails here fails quietly, with a reason.
 */

import { parentPort, workerData } from "node:worker_threads";
import { RealDisk } from "@etcd-ts/storage";
import type { CheckpointReply, CheckpointRequest, CheckpointWorkerData } from "./checkpoint-thread.ts";
import { CheckpointReading, CheckpointWriting } from "./checkpoint-work.ts";
import { partsMemory } from "./parts-memory.ts";

const port = parentPort!;
const disk = new RealDisk();
const task = workerData as CheckpointWorkerData;

function say(reply: CheckpointReply, transfer: readonly ArrayBuffer[] = []): void {
  port.postMessage(reply, transfer);
}

/** What goes wrong is told when it is asked for; nothing more is done. */
function guarded(work: () => void): void {
  try {
    work();
  } catch (error) {
    say({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
    port.close();
  }
}

function read({ path, shape }: Extract<CheckpointWorkerData, { readonly kind: "read" }>): void {
  const reading = new CheckpointReading(disk, path, shape);
  port.on("message", (request: CheckpointRequest) =>
    guarded(() => {
      if (request.kind === "complete") {
        const ready = reading.complete(disk, request.demand);
        say({ kind: "ready", ready }, partsMemory(ready.parts));
      }
      port.close();
    }),
  );
}

function write({ path, syncs }: Extract<CheckpointWorkerData, { readonly kind: "write" }>): void {
  const writing = new CheckpointWriting(disk, path, syncs);
  port.on("message", (request: CheckpointRequest) =>
    guarded(() => {
      switch (request.kind) {
        case "block":
          writing.add(request.block);
          say({ kind: "written" });
          return;
        case "finish":
          writing.finish(request.revision, request.database);
          break;
        default:
          writing.abandon();
      }
      say({ kind: "ended" });
      port.close();
    }),
  );
}

guarded(() => {
  if (task.kind === "read") read(task);
  else write(task);
});
