/** The methods that a server knows, and what it says about the others. */

import { CODE_COUNT } from "../status.ts";
import { quoted, textOf } from "./error-text.ts";
import type {
  CancelReason,
  MethodCounters,
  MethodKind,
  ServerStreamHandler,
  StreamHandler,
  UnaryCall,
  UnaryHandler,
} from "./types.ts";

export type UnaryCancelHandler = (call: UnaryCall, reason: CancelReason) => void;

export type Method =
  | {
      readonly kind: "unary";
      readonly counters: MethodCounters;
      readonly handler: UnaryHandler;
      readonly onCancel: UnaryCancelHandler | undefined;
    }
  | {
      readonly kind: "server_stream";
      readonly counters: MethodCounters;
      readonly handler: ServerStreamHandler;
    }
  | {
      readonly kind: "client_stream" | "bidi_stream";
      readonly counters: MethodCounters;
      readonly handler: StreamHandler;
    };

export function newCounters(path: string, kind: MethodKind): MethodCounters {
  return {
    path,
    kind,
    started: 0,
    handled: new Float64Array(CODE_COUNT),
    received: 0,
    sent: 0,
    receivedBytes: 0,
    sentBytes: 0,
    times: undefined,
  };
}

export class MethodTable {
  private readonly methods = new Map<string, Method>();
  private readonly services = new Set<string>();

  add(method: Method): void {
    const { path } = method.counters;
    this.methods.set(path, method);
    this.services.add(path.slice(1, path.lastIndexOf("/")));
  }

  find(path: string): Method | undefined {
    return this.methods.get(path);
  }

  /** Why no method has this path (a latin1 header value). */
  unknownText(path: string): string {
    const slash = path.lastIndexOf("/");
    if (!path.startsWith("/") || slash === 0) return `malformed method name: ${quoted(path)}`;
    const service = path.slice(1, slash);
    if (!this.services.has(service)) return `unknown service ${textOf(service)}`;
    return `unknown method ${textOf(path.slice(slash + 1))} for service ${service}`;
  }

  counters(): MethodCounters[] {
    return [...this.methods.values()].map((method) => method.counters);
  }
}
