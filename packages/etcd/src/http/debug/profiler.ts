/** Profiles of V8, through the inspector's session of this process: no port is opened for it. */

import { Session } from "node:inspector";
import { getHeapSnapshot } from "node:v8";

type Recording = (session: Session, seconds: number) => Promise<string>;

export class Profiler {
  private busy = false;

  /** A CPU profile of that many seconds, as DevTools reads it (`.cpuprofile`); undefined: another is being made. */
  cpuProfile(seconds: number): Promise<string> | undefined {
    return this.record(seconds, recordCpu);
  }

  /** Allocations of that many seconds, sampled (`.heapprofile`). */
  allocations(seconds: number): Promise<string> | undefined {
    return this.record(seconds, recordAllocations);
  }

  /** Events of the run-time, in the form of Chrome's tracing. */
  trace(seconds: number): Promise<string> | undefined {
    return this.record(seconds, recordTrace);
  }

  /** The heap as it is (`.heapsnapshot`). The process stands still while it is written down. */
  heapSnapshot(): NodeJS.ReadableStream {
    return getHeapSnapshot();
  }

  private record(seconds: number, recording: Recording): Promise<string> | undefined {
    if (this.busy) return undefined;
    this.busy = true;
    const session = new Session();
    session.connect();
    return recording(session, seconds).finally(() => {
      session.disconnect();
      this.busy = false;
    });
  }
}

const recordCpu: Recording = async (session, seconds) => {
  await post(session, "Profiler.enable");
  await post(session, "Profiler.start");
  await pause(seconds);
  return JSON.stringify((await post(session, "Profiler.stop")).profile);
};

const recordAllocations: Recording = async (session, seconds) => {
  await post(session, "HeapProfiler.enable");
  await post(session, "HeapProfiler.startSampling");
  await pause(seconds);
  return JSON.stringify((await post(session, "HeapProfiler.stopSampling")).profile);
};

const TRACE_CATEGORIES = ["node.perf", "v8", "node.environment"];

const recordTrace: Recording = async (session, seconds) => {
  const events: unknown[] = [];
  session.on("NodeTracing.dataCollected", ({ params }) => events.push(...params.value));
  const complete = new Promise<void>((resolve) =>
    session.once("NodeTracing.tracingComplete", () => resolve()),
  );
  await post(session, "NodeTracing.start", { traceConfig: { includedCategories: TRACE_CATEGORIES } });
  await pause(seconds);
  await post(session, "NodeTracing.stop");
  await complete;
  return JSON.stringify({ traceEvents: events });
};

function post(session: Session, method: string, parameters: object = {}): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    session.post(method, parameters, (error, result) => {
      if (error === null)
        resolve((result ?? {}) as Record<string, unknown>); // the protocol's answers are objects
      else reject(error);
    });
  });
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
