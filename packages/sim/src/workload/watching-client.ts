/**
 * A client that watches a range from the start to the end of a run: after a crash of its member it goes on at the first revision that it
 * has not heard of. It writes down each response, now and then asks for progress, and now and then is too slow to read.
 */

import type { Random } from "@etcd-ts/base";
import { keyString, utf8String } from "@etcd-ts/base";
import {
  decodeEvent,
  decodeKeyValue,
  decodeWatchResponse,
  EventType,
  type WatchResponse,
} from "@etcd-ts/proto";
import type { Member, WatchSink } from "@etcd-ts/server";
import type { Scheduler } from "../scheduler.ts";
import type { SimulatedMember } from "../simulated-member.ts";
import type { WatchedEvent, WatchStory } from "./history.ts";

/** How often it looks whether its member is another one. */
const LOOK_MS = 20;
/** How long it does not read, at most, when it is slow. */
const PAUSE_MS_MAX = 400;

type Stream = ReturnType<Member["watches"]["openStream"]>;

export class WatchingClient {
  private readonly story: WatchStory;
  private readonly scheduler: Scheduler;
  private readonly member: SimulatedMember;
  private readonly random: Random;
  /** Undefined: it has none, or that member is down. */
  private connection: Connection | undefined;
  private watched: Member | undefined;

  constructor(story: WatchStory, scheduler: Scheduler, member: SimulatedMember, random: Random) {
    this.story = story;
    this.scheduler = scheduler;
    this.member = member;
    this.random = random;
  }

  start(): void {
    this.look();
  }

  private look(): void {
    const { member } = this.member;
    if (member !== this.watched || this.connection?.isOver === true) {
      this.watched = member;
      this.connection = undefined;
      // A client finds it some time after its start.
      if (member?.isPublished === true) this.connect();
      else this.watched = undefined;
    }
    if (this.connection !== undefined && this.random.below(20) === 0) this.connection.askForProgress();
    this.scheduler.after(LOOK_MS, () => this.look());
  }

  private connect(): void {
    this.member.handOver((member) => {
      this.connection = new Connection(this.story, member, this.scheduler, this.random, this.member);
    });
  }
}

/** One stream to one life of the member. */
class Connection implements WatchSink {
  isOver = false;
  queuedBytes = 0;
  private readonly story: WatchStory;
  private readonly hub: Member["watches"];
  private readonly scheduler: Scheduler;
  private readonly random: Random;
  private readonly host: SimulatedMember;
  private readonly life: Member;
  private readonly stream: Stream;
  private paused = false;

  constructor(story: WatchStory, life: Member, scheduler: Scheduler, random: Random, host: SimulatedMember) {
    this.story = story;
    this.life = life;
    this.hub = life.watches;
    this.scheduler = scheduler;
    this.random = random;
    this.host = host;
    this.stream = this.hub.openStream(this);
    const { low, high, nextRevision } = story;
    this.hub.create(this.stream, { key: low, end: high, startRevision: nextRevision, id: 0, flags: 0 });
  }

  askForProgress(): void {
    this.host.handOver((member) => {
      if (member === this.life) this.hub.requestProgress(this.stream);
    });
  }

  sendInto<T>(
    size: number,
    encode: (message: T, target: Buffer, position: number) => number,
    message: T,
  ): boolean {
    const bytes = Buffer.alloc(size);
    encode(message, bytes, 0);
    this.onResponse(decodeWatchResponse(bytes));
    if (this.paused || this.random.below(4) > 0) return !this.paused;
    this.paused = true;
    this.scheduler.after(this.random.below(PAUSE_MS_MAX), () => {
      this.host.handOver((member) => {
        if (member !== this.life) return;
        this.paused = false;
        this.hub.onDrain(this.stream);
      });
    });
    return false;
  }

  pause(): void {}

  resume(): void {}

  private onResponse(response: WatchResponse): void {
    const { story } = this;
    if (response.canceled) {
      // Compacted below it: it misses what is gone, and knows.
      this.isOver = true;
      story.nextRevision = Math.max(story.nextRevision, response.compactRevision);
      story.missedBelow = story.nextRevision;
      return;
    }
    const { revision } = response.header!;
    const events = response.events.map(eventOf);
    if (response.created) {
      if (story.nextRevision === 0) story.nextRevision = revision + 1;
      if (story.firstRevision === 0) story.firstRevision = story.nextRevision;
      return;
    }
    story.responses.push({ atMs: this.scheduler.nowMs, revision, events });
    const last = events.at(-1);
    story.nextRevision = Math.max(story.nextRevision, (last?.revision ?? revision) + 1);
  }
}

function eventOf(bytes: Uint8Array): WatchedEvent {
  const event = decodeEvent(bytes);
  const pair = decodeKeyValue(event.kv!);
  const value = event.type === EventType.DELETE ? undefined : utf8String(pair.value);
  return { revision: pair.modRevision, key: keyString(pair.key), value };
}
