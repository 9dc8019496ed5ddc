/**
 * The shape of running plan nodes: each gives rows in batches when asked.
 *
 * A row belongs to whoever has pulled it: it may be changed in place, and is copied where several rows come of one.
 *
 * @module
 */
import { traceNode } from "../query_error.ts";
import type { PlanNode } from "../plan/nodes.ts";
import type { Row } from "./compile.ts";

/** How many rows a batch has at most. */
export const BATCH = 1000;

/** A running node. */
export interface Operator {
  /**
   * Further rows: at least one, at most `max`; an empty array at the end, then and for ever after.
   *
   * @param max how many rows are wanted; nothing beyond them is computed without need
   */
  pull(max: number): Row[];
  /**
   * Leaves out rows: those who can do that without making them do; see {@linkcode skipRows}.
   *
   * @returns how many; fewer than `count` at the end
   */
  skip?(count: number): number;
  /** Forgets everything, for a new run of the pipeline. */
  reset(): void;
}

/** The start of a pipeline: gives the one row that the pipeline was started with. */
export class Source implements Operator {
  #row: Row = [];
  #given = true;

  /** The row that the pipeline was started with, with everything computed before its first loop. */
  get row(): Row {
    return this.#row;
  }

  /** Starts the pipeline for a row. */
  start(row: Row): void {
    this.#row = row;
    this.#given = false;
  }

  pull(): Row[] {
    if (this.#given) return [];
    this.#given = true;
    return [this.#row];
  }

  reset(): void {
    this.#row = [];
    this.#given = true;
  }
}

/** An operator that notes its node in errors on their way up. */
export class Traced implements Operator {
  readonly #inner: Operator;
  readonly #node: PlanNode;

  constructor(inner: Operator, node: PlanNode) {
    this.#inner = inner;
    this.#node = node;
  }

  pull(max: number): Row[] {
    try {
      return this.#inner.pull(max);
    } catch (error) {
      throw traceNode(error, this.#node);
    }
  }

  skip(count: number): number {
    try {
      return skipRows(this.#inner, count);
    } catch (error) {
      throw traceNode(error, this.#node);
    }
  }

  reset(): void {
    this.#inner.reset();
  }
}

/**
 * Leaves out rows of an operator.
 *
 * @param count how many; `Infinity` to find out how many there are
 * @returns how many; fewer than `count` at the end
 */
export function skipRows(upstream: Operator, count: number): number {
  return upstream.skip ? upstream.skip(count) : skipPulling(upstream, count);
}

/** As {@linkcode skipRows}, by making the rows. */
export function skipPulling(upstream: Operator, count: number): number {
  let skipped = 0;
  while (skipped < count) {
    const { length } = upstream.pull(Math.min(BATCH, count - skipped));
    if (length === 0) break;
    skipped += length;
  }
  return skipped;
}

/** Pulls everything that is left, for operators that need all rows. */
export function pullAll(upstream: Operator, take: (rows: Row[]) => void): void {
  for (let rows = upstream.pull(BATCH); rows.length > 0; rows = upstream.pull(BATCH)) take(rows);
}

/** What one node of a profiled query has done. */
export interface NodeProfile {
  calls: number;
  items: number;
  filtered: number;
  /** Seconds, without those of the nodes before it. */
  runtime: number;
}

/** Profiles by the ids of the nodes. */
export type Profiles = Map<number, NodeProfile>;

/** What the profiled nodes of a query share. */
export interface ProfileClock {
  readonly profiles: Profiles;
  /** How many rows were dropped so far. */
  readonly filtered: () => number;
  /** Seconds and dropped rows that belong to the operators that were called by the one at work. */
  inner: { seconds: number; filtered: number };
}

/** An operator that notes what it does. */
export class Profiled implements Operator {
  readonly #inner: Operator;
  readonly #profile: NodeProfile;
  readonly #clock: ProfileClock;
  #last: "nothing" | "skip" | "pull" = "nothing";

  constructor(inner: Operator, id: number, clock: ProfileClock) {
    this.#inner = inner;
    this.#clock = clock;
    this.#profile = clock.profiles.get(id) ?? { calls: 0, items: 0, filtered: 0, runtime: 0 };
    clock.profiles.set(id, this.#profile);
  }

  pull(max: number): Row[] {
    const rows = this.#timed(() => this.#inner.pull(max));
    this.#profile.items += rows.length;
    // ArangoDB tells the end with the last rows, and leaves rows out in the call that asks for those behind them
    if (this.#last === "nothing" || (this.#last === "pull" && rows.length > 0)) this.#profile.calls++;
    this.#last = "pull";
    return rows;
  }

  skip(count: number): number {
    const skipped = this.#timed(() => skipRows(this.#inner, count));
    this.#profile.items += skipped;
    if (this.#last === "nothing") {
      this.#profile.calls++;
      this.#last = "skip";
    }
    return skipped;
  }

  reset(): void {
    this.#last = "nothing";
    this.#inner.reset();
  }

  /** Notes how long something takes and how many rows it drops, without what the operators before this one do. */
  #timed<T>(run: () => T): T {
    const clock = this.#clock;
    const outer = clock.inner;
    clock.inner = { seconds: 0, filtered: 0 };
    const [start, before] = [performance.now(), clock.filtered()];
    const result = run();
    const seconds = (performance.now() - start) / 1000;
    const filtered = clock.filtered() - before;
    this.#profile.filtered += filtered - clock.inner.filtered;
    this.#profile.runtime += Math.max(0, seconds - clock.inner.seconds);
    clock.inner = { seconds: outer.seconds + seconds, filtered: outer.filtered + filtered };
    return result;
  }
}
