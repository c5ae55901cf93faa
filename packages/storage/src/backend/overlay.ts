/**
 * What is applied and not yet committed: the open part, which takes writes, and the part in flight, whose batch the commit
 * thread has. A commit's report drops the part in flight and nothing else; parts stay readable for the views that began
 * while they were here.
 *
 * Memory of parts is used again once nobody can read them: neither the overlay, nor a view, nor the commit thread.
 */

import { assert } from "@etcd-ts/base";
import { ChunkPool } from "./batch-writer.ts";
import { OverlayLayer, OverlayPart } from "./overlay-part.ts";

/** Chunks and parts kept for the next batches: those of a usual batch of 10,000 small puts, and some. */
const CHUNKS_KEPT = 8;
const PARTS_KEPT = 2;

export class Overlay {
  open: OverlayPart;
  inFlight: OverlayPart | undefined;
  private readonly chunks = new ChunkPool(CHUNKS_KEPT);
  private readonly spares: OverlayPart[] = [];
  private liveLayers: readonly OverlayLayer[];

  constructor() {
    this.open = this.freshPart();
    this.liveLayers = [new OverlayLayer(this.open)];
  }

  /** Bytes of what is applied and not yet committed. */
  get bytes(): number {
    return this.open.bytes + (this.inFlight?.bytes ?? 0);
  }

  /** The open part goes in flight. */
  seal(): OverlayPart {
    assert(this.inFlight === undefined, "one batch is in flight at a time");
    const sealed = this.open;
    this.inFlight = sealed;
    this.open = this.freshPart();
    this.liveLayers = [new OverlayLayer(this.open), new OverlayLayer(sealed)];
    return sealed;
  }

  /** The part in flight is committed: the tree has it. */
  dropInFlight(): void {
    assert(this.inFlight !== undefined, "no batch is in flight");
    const part = this.inFlight;
    this.inFlight = undefined;
    this.liveLayers = [new OverlayLayer(this.open)];
    this.unpin(part);
  }

  /** The layers of now, newest first, pinned until {@link release}. */
  pin(): readonly OverlayLayer[] {
    const layers =
      this.inFlight === undefined ? [this.open.freeze()] : [this.open.freeze(), this.inFlight.freeze()];
    for (const layer of layers) layer.part.pins++;
    return layers;
  }

  release(layers: readonly OverlayLayer[]): void {
    for (const layer of layers) this.unpin(layer.part);
  }

  /** The layers of now, newest first, for use before the next write. */
  live(): readonly OverlayLayer[] {
    for (const layer of this.liveLayers) layer.refresh();
    return this.liveLayers;
  }

  invariants(): void {
    this.open.invariants();
    this.inFlight?.invariants();
    assert(this.open.pins > 0, "the open part is not pinned");
    for (const part of this.spares)
      assert(part.pins === 0 && part.operations === 0, "a spare part is in use");
  }

  private freshPart(): OverlayPart {
    const part = this.spares.pop() ?? new OverlayPart(this.chunks);
    part.pins = 1;
    return part;
  }

  private unpin(part: OverlayPart): void {
    assert(part.pins > 0, "a part is released once too often");
    part.pins--;
    if (part.pins > 0) return;
    part.clear();
    if (this.spares.length < PARTS_KEPT) this.spares.push(part);
  }
}
