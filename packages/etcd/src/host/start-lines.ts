/**
 * What a start tells operators, in the original's words and order, from the first look at the data directory until clients are
 * served. Scripts wait for some of these lines, so each is told when its thing has happened.
 */

import { formatDuration, formatMilliseconds, humanBytes, type Logger } from "@etcd-ts/base";
import {
  type DatabaseSizes,
  hex,
  type Member,
  MemberLines,
  type MemberLog,
  type Membership,
  sizeFields,
} from "@etcd-ts/server";
import type { DataDirectory, OpenedDatabase } from "@etcd-ts/storage";
import { type Config, effective } from "../config/config.ts";
import type { DirKind } from "../config/data-dir.ts";
import { SERVER_VERSION } from "../config/version.ts";
import { MILLISECOND } from "../flags/duration.ts";
import { isTls } from "../flags/url.ts";
import { configDump, texts } from "./config-dump.ts";

const QUOTA_RECOMMENDED_BYTES_MAX = 8 * 1024 ** 3;
const REQUEST_RECOMMENDED_BYTES_MAX = 10 * 1024 ** 2;
const QUOTA_NAME = "v3-applier";
const PURGE_INTERVAL = "30s";
/** An empty `raftpb.Snapshot`, encoded. */
const EMPTY_SNAPSHOT_BYTES = 6;

export interface FileSizes {
  readonly size: number;
  readonly sizeInUse: number;
}

export class StartLines {
  private readonly log: Logger;
  private readonly config: Config;

  constructor(log: Logger, config: Config) {
    this.log = log;
    this.config = config;
  }

  // ----- before anything is opened ------------------------------------------------------------------------------------

  dataDirectory(kind: DirKind): void {
    const fields = { "data-dir": this.config.dataDir, "dir-type": kind };
    if (kind === "member")
      this.log.info("host/start-lines.ts:50", "server has already been initialized", fields);
    else this.log.info("host/start-lines.ts:51", "Initialize and start etcd server", fields);
  }

  peerListeners(): void {
    const urls = texts(this.config.listenPeerUrls);
    this.log.info("host/start-lines.ts:56", "configuring peer listeners", { "listen-peer-urls": urls });
  }

  clientListeners(): void {
    const { log, config } = this;
    log.info("host/start-lines.ts:61", "configuring client listeners", {
      "listen-client-urls": texts(config.listenClientUrls),
    });
    for (const { text } of [...config.listenClientUrls, ...config.listenClientHttpUrls].filter(
      (url) => !isTls(url),
    )) {
      if (config.certFile !== "" || config.keyFile !== "" || config.autoTls)
        log.warn(
          "host/start-lines.ts:69",
          "scheme is http or unix while key and cert files are present; ignoring key and cert files",
          { "client-url": text },
        );
      if (config.clientCertAuth)
        log.warn(
          "host/start-lines.ts:75",
          "scheme is http or unix while --client-cert-auth is enabled; ignoring client cert auth for this URL",
          { "client-url": text },
        );
    }
  }

  starting(kind: DirKind): void {
    const { log, config } = this;
    log.info("host/start-lines.ts:84", "starting an etcd server", configDump(config, kind === "member"));
    if (config.maxRequestBytes > REQUEST_RECOMMENDED_BYTES_MAX)
      log.warn("host/start-lines.ts:86", "exceeded recommended request limit", {
        "max-request-bytes": config.maxRequestBytes,
        "max-request-size": humanBytes(config.maxRequestBytes),
        "recommended-request-bytes": REQUEST_RECOMMENDED_BYTES_MAX,
        "recommended-request-size": humanBytes(REQUEST_RECOMMENDED_BYTES_MAX),
      });
  }

  // ----- the database and the log -------------------------------------------------------------------------------------

  databaseOpening(path: string): void {
    const noSync = this.config.unsafeNoFsync;
    this.log
      .named("bbolt")
      .info(
        "host/start-lines.ts:101",
        `Opening db file (${path}) with mode -rw------- and with options: {NoFreelistSync: true, NoSync: ${noSync}}`,
      );
  }

  databaseOpened(path: string, tookMs: number): void {
    const { log } = this;
    log.named("bbolt").info("host/start-lines.ts:108", `Opening bbolt db (${path}) successfully`);
    log.info("host/start-lines.ts:109", "opened backend db", { path, took: formatMilliseconds(tookMs) });
  }

  /** There is less to gain than the start asks for. */
  defragmentationSkipped(sizes: DatabaseSizes, thresholdBytes: number): void {
    this.log.info("host/start-lines.ts:114", "Skipping defragmentation", {
      ...sizeFields(sizes),
      "bootstrap-defrag-threshold-bytes": thresholdBytes,
      "bootstrap-defrag-threshold": humanBytes(thresholdBytes),
    });
  }

  /** The log was read, or made; the database was inspected and its records were loaded. */
  restored(
    isNew: boolean,
    log: MemberLog,
    opened: OpenedDatabase,
    membership: Membership,
    sizes: FileSizes,
  ): void {
    const out = this.log;
    const { nodeId, clusterId } = log.metadata;
    const ids = { "cluster-id": hex(clusterId), "local-member-id": hex(nodeId) };
    out.info("host/start-lines.ts:132", "restore consistentIndex", { index: opened.consistentIndex });
    if (isNew) {
      out.info("host/start-lines.ts:134", "bootstrapping cluster");
      out.info("host/start-lines.ts:135", "bootstrapping storage");
      out.info("host/start-lines.ts:136", "bootstrapping raft");
      out.info("host/start-lines.ts:137", "starting local member", ids);
    } else {
      this.restarting(log, opened, sizes);
      out.info("host/start-lines.ts:140", "restarting local member", {
        ...ids,
        "commit-index": log.hardState.commit,
      });
      out.info("host/start-lines.ts:144", "bootstrapping cluster");
      out.info("host/start-lines.ts:145", "bootstrapping storage");
      this.recovered(new MemberLines(out, nodeId, clusterId), membership);
      const voters = membership.voters().map((id) => `voters:${id}`);
      const learners = membership.learners().map((id) => `learners:${id}`);
      out.info("host/start-lines.ts:149", "Constructed a new raft snapshot from v3 state", {
        index: log.snapshot.index,
        term: log.snapshot.term,
        confState: [...voters, ...learners].join(" "),
      });
      out.info("host/start-lines.ts:154", "bootstrapping raft");
    }
    out.info("host/start-lines.ts:156", "bootstrap successfully");
  }

  private restarting(
    { snapshot }: MemberLog,
    { consistentIndex }: OpenedDatabase,
    { size, sizeInUse }: FileSizes,
  ): void {
    const { log } = this;
    log.info("host/start-lines.ts:165", "constructed a snapshot from WAL record", {
      "snapshot-index": snapshot.index,
      "snapshot-size": EMPTY_SNAPSHOT_BYTES,
      confState: "<nil>",
      "walSnaps-count": 1,
    });
    log.info("host/start-lines.ts:171", "Skipping snapshot backend", {
      "consistent-index": consistentIndex,
      "snapshot-index": snapshot.index,
    });
    log.info("host/start-lines.ts:175", "recovered v3 backend", {
      "backend-size-bytes": size,
      "backend-size": humanBytes(size),
      "backend-size-in-use-bytes": sizeInUse,
      "backend-size-in-use": humanBytes(sizeInUse),
    });
    log.info("host/start-lines.ts:181", "Bootstrapping WAL from snapshot");
  }

  private recovered(lines: MemberLines, membership: Membership): void {
    for (const member of membership.list()) lines.recovered(member);
    if (membership.version !== undefined) lines.versionRecovered(membership.version);
  }

  // ----- the member ---------------------------------------------------------------------------------------------------

  memberMade(member: Member, log: MemberLog): void {
    const out = this.log;
    if (this.config.authToken === "simple" || this.config.authToken === "")
      out.warn("host/start-lines.ts:194", "simple token is not cryptographically signed");
    const { compactRevision, currentRevision } = member.store;
    if (compactRevision > 0)
      out.info("host/start-lines.ts:197", "restored last compact revision", {
        "meta-bucket-name-key": "finishedCompactRev",
        "restored-compact-revision": compactRevision,
      });
    out.info("host/start-lines.ts:201", "kvstore restored", { "current-rev": currentRevision });
    this.quota();
    const { version } = member.membership;
    out.info("host/start-lines.ts:204", "starting etcd server", {
      "local-member-id": hex(member.id),
      "local-server-version": SERVER_VERSION,
      ...(version === undefined ? {} : { "cluster-id": hex(log.metadata.clusterId) }),
      "cluster-version": version === undefined ? "to_be_decided" : version.replace(/\.\d+$/, ""),
    });
  }

  private quota(): void {
    const { log, config } = this;
    const { quotaBytes } = effective(config);
    const size = { "quota-size-bytes": quotaBytes, "quota-size": humanBytes(quotaBytes) };
    const name = { "quota-name": QUOTA_NAME };
    if (config.quotaBackendBytes < 0)
      log.info("host/start-lines.ts:218", "disabled backend quota", {
        ...name,
        "quota-size-bytes": config.quotaBackendBytes,
      });
    else if (config.quotaBackendBytes === 0)
      log.info("host/start-lines.ts:223", "enabled backend quota with default value", { ...name, ...size });
    else {
      if (quotaBytes > QUOTA_RECOMMENDED_BYTES_MAX)
        log.warn("host/start-lines.ts:226", "quota exceeds the maximum value", {
          ...name,
          ...size,
          "quota-maximum-size-bytes": QUOTA_RECOMMENDED_BYTES_MAX,
          "quota-maximum-size": humanBytes(QUOTA_RECOMMENDED_BYTES_MAX),
        });
      log.info("host/start-lines.ts:232", "enabled backend quota", { ...name, ...size });
    }
  }

  /** The member runs; nobody is served yet. */
  running(member: Member, directory: DataDirectory): void {
    const { log, config } = this;
    const id = { "local-member-id": hex(member.id) };
    if (config.initialElectionTickAdvance) {
      const electionTicks = Math.floor(config.electionTimeout / config.heartbeatInterval);
      const ticks = electionTicks - 1;
      log.info("host/start-lines.ts:243", "started as single-node; fast-forwarding election ticks", {
        ...id,
        "forward-ticks": ticks,
        "forward-duration": formatDuration(ticks * config.heartbeatInterval * MILLISECOND),
        "election-ticks": electionTicks,
        "election-timeout": formatDuration(config.electionTimeout * MILLISECOND),
      });
    }
    log.info("host/start-lines.ts:251", "now serving peer/client/metrics", {
      ...id,
      "initial-advertise-peer-urls": texts(config.initialAdvertisePeerUrls),
      "listen-peer-urls": texts(config.listenPeerUrls),
      "advertise-client-urls": texts(config.advertiseClientUrls),
      "listen-client-urls": texts(config.listenClientUrls),
      "listen-metrics-urls": texts(config.listenMetricsUrls),
    });
    this.purging(directory.snap, "snap.db", config.maxSnapshots);
    this.purging(directory.snap, "snap", config.maxSnapshots);
    this.purging(directory.wal, "wal", config.maxWals);
    for (const { host: address } of config.listenPeerUrls) {
      log.info("host/start-lines.ts:263", "serving peer traffic", { address });
      log.info("host/start-lines.ts:264", "cmux::serve", { address });
    }
  }

  private purging(dir: string, suffix: string, max: number): void {
    if (max === 0) return;
    this.log.info("host/start-lines.ts:270", "started to purge file", {
      dir,
      suffix,
      max,
      interval: PURGE_INTERVAL,
    });
  }

  published(member: Member, clusterId: bigint): void {
    const { name, advertiseClientUrls, electionTimeout } = this.config;
    this.log.info("host/start-lines.ts:280", "published local member to cluster through raft", {
      "local-member-id": hex(member.id),
      "local-member-attributes": `{Name:${name} ClientURLs:[${texts(advertiseClientUrls).join(" ")}]}`,
      "cluster-id": hex(clusterId),
      "publish-timeout": formatDuration((5000 + 2 * electionTimeout) * MILLISECOND),
    });
  }

  ready(): void {
    this.log.info("host/start-lines.ts:289", "ready to serve client requests");
  }

  serving(): void {
    const { log, config } = this;
    log.info("host/start-lines.ts:294", "grpc service status changed", { service: "", status: "SERVING" });
    const split = config.listenClientHttpUrls.length > 0;
    for (const url of config.listenClientUrls)
      this.servingAt(url.host, isTls(url), split ? "grpc" : "grpc+http");
    for (const url of config.listenClientHttpUrls) this.servingAt(url.host, isTls(url), "http");
  }

  private servingAt(address: string, tls: boolean, traffic: string): void {
    const fields = { traffic, address };
    if (tls) this.log.info("host/start-lines.ts:303", "serving client traffic securely", fields);
    else
      this.log.info(
        "host/start-lines.ts:306",
        "serving client traffic insecurely; this is strongly discouraged!",
        fields,
      );
  }
}
