/** Planted bugs within a member: its parts are made to do what the product never does. */

import type { Member } from "@etcd-ts/server";
import type { PlantedBug } from "./planted-bugs.ts";

const FORGOTTEN_MS = 3000;

export function plantInMember(bug: PlantedBug | undefined, { lessor, watches }: Member): void {
  switch (bug) {
    case "renewal-ignored": {
      const { renew } = lessor;
      lessor.renew = (id, nowMs) => {
        const ttlSeconds = lessor.status(id, nowMs)?.ttlSeconds;
        return ttlSeconds ?? renew.call(lessor, id, nowMs);
      };
      return;
    }
    case "restart-counts-down": {
      const { promote } = lessor;
      lessor.promote = (nowMs) => promote.call(lessor, nowMs, -FORGOTTEN_MS);
      return;
    }
    case "expiry-forgotten":
      lessor.nextExpiryMs = () => Number.POSITIVE_INFINITY;
      return;
    case "missed-events-forgotten": {
      const { onDrain } = watches;
      watches.onDrain = (stream) => {
        stream.parked = [];
        onDrain.call(watches, stream);
      };
      return;
    }
    case "progress-too-early": {
      const { requestProgress } = watches;
      watches.requestProgress = (stream) => {
        const { blocked, parked } = stream;
        stream.blocked = false;
        stream.parked = [];
        stream.liveCount += parked.length;
        requestProgress.call(watches, stream);
        stream.liveCount -= parked.length;
        stream.blocked = blocked;
        stream.parked = parked;
      };
      return;
    }
  }
}
