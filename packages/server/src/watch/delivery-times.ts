/**
 * How long sending took, for the metrics: each response counts, few are timed, since a clock costs more than a small response. What the
 * last timed ones took stands for those behind them.
 */

import type { Histogram } from "../metrics/histogram.ts";

/** One change in so many is timed. */
const TIMED_EVERY = 16;

export interface DeliveryHistograms {
  clockMs(): number;
  readonly watchResponse: Histogram;
  readonly watchResponsePerEvent: Histogram;
  readonly watchControl: Histogram;
  readonly watchProgress: Histogram;
}

/** What has been sent since the start. */
export interface DeliveryCounts {
  readonly responsesSent: number;
  readonly eventsSent: number;
}

export class DeliveryTimes {
  private readonly histograms: DeliveryHistograms;
  private changes = 0;
  private beganAtMs = 0;
  private responsesBefore = 0;
  /** One response, as of the last change that was timed. */
  private seconds = 0;
  private settledResponses = 0;
  private settledEvents = 0;

  constructor(histograms: DeliveryHistograms) {
    this.histograms = histograms;
  }

  /** A change is about to be delivered; true: {@link end} is to be called behind it. */
  begin(counts: DeliveryCounts): boolean {
    if (this.changes++ % TIMED_EVERY > 0) return false;
    this.beganAtMs = this.histograms.clockMs();
    this.responsesBefore = counts.responsesSent;
    return true;
  }

  end(counts: DeliveryCounts): void {
    const sent = counts.responsesSent - this.responsesBefore;
    if (sent > 0) this.seconds = (this.histograms.clockMs() - this.beganAtMs) / 1000 / sent;
  }

  /** Puts what has been sent since the last time into the histograms. */
  settle({ responsesSent, eventsSent }: DeliveryCounts): void {
    const responses = responsesSent - this.settledResponses;
    if (responses === 0) return;
    const { seconds, histograms } = this;
    histograms.watchResponse.observeTimes(seconds, responses);
    const perEvent = (seconds * responses) / (eventsSent - this.settledEvents);
    histograms.watchResponsePerEvent.observeTimes(perEvent, responses);
    this.settledResponses = responsesSent;
    this.settledEvents = eventsSent;
  }

  /** What is no response of events is rare enough to be timed each. */
  control(send: () => void): void {
    this.timed(this.histograms.watchControl, send);
  }

  progress(send: () => void): void {
    this.timed(this.histograms.watchProgress, send);
  }

  private timed(histogram: Histogram, send: () => void): void {
    const beganAtMs = this.histograms.clockMs();
    send();
    histogram.observe((this.histograms.clockMs() - beganAtMs) / 1000);
  }
}
