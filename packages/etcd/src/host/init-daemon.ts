/**
 * Tells systemd that the server is ready. Its socket takes datagrams, which Node cannot send over a socket file, so the program
 * `systemd-notify` does it: where systemd runs, it is there. The unit must accept it (`NotifyAccess=all`).
 */

import { execFile } from "node:child_process";
import type { Logger } from "@etcd-ts/base";

const PROGRAM = "systemd-notify";

export function notifyInitDaemon(log: Logger): void {
  log.info("host/init-daemon.ts:12", "notifying init daemon");
  if ((process.env.NOTIFY_SOCKET ?? "") === "") {
    log.info("host/init-daemon.ts:14", "successfully notified init daemon");
    return;
  }
  execFile(PROGRAM, ["--ready", `--pid=${process.pid}`], (error) => {
    if (error === null) log.info("host/init-daemon.ts:18", "successfully notified init daemon");
    else
      log.error("host/init-daemon.ts:20", "failed to notify systemd for readiness", { error: error.message });
  });
}
