/**
 * How far a sync is, for whoever waits for it.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/sync/progress`. Source: replication-protocol.md 3.9. */
export function syncProgress({ exports, require, host }: ModuleScope): void {
  const { output } = require("denosh/printer");

  /** Seconds between two pictures of the progress bar. */
  const REDRAW = 0.2;
  const DEFAULT_POLL_INTERVAL = 10;

  function thousands(value: number): string {
    return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
  }

  function size(bytes: number): string {
    const units = ["B", "kB", "MB", "GB", "TB"];
    let unit = 0;
    let value = bytes;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
  }

  function duration(exact: number): string {
    const seconds = Math.ceil(exact);
    if (seconds < 60) return `${seconds} s`;
    const minutes = Math.floor(seconds / 60);
    return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  }

  /** Shows how far a job is, as a bar on a terminal and as lines elsewhere. */
  class Progress {
    #name: string;
    #every: number;
    #isSilent: boolean;
    #isBar: boolean;
    #isVerbose: boolean;
    #message = "";
    #start = host.time();
    #next: number;
    #nextDraw = 0;
    #drawn = 0;

    constructor(name: string, config: Loose) {
      this.#name = name;
      this.#every = config.pollInterval ?? DEFAULT_POLL_INTERVAL;
      this.#isSilent = config.progress === false || host.isQuiet();
      this.#isVerbose = config.verbose === true && !this.#isSilent;
      this.#isBar = host.isTty() && !this.#isSilent && !this.#isVerbose;
      this.#next = this.#start + this.#every;
      this.#nextDraw = this.#start + REDRAW;
    }

    /** Whether it is time to say something that costs a request. */
    get isDue(): boolean {
      return !this.#isSilent && host.time() >= this.#next;
    }

    show(job: Loose): void {
      if (this.#isSilent) return;
      const now = host.time();
      this.#tell(job);
      if (this.#isBar && now >= this.#nextDraw) {
        this.#nextDraw = now + REDRAW;
        this.#draw(job, now);
      } else if (!this.#isBar && now >= this.#next) {
        output(`still synchronizing... last received status: ${job.updated ?? ""}: ${this.#status(job, now)}\n`);
      }
      if (now >= this.#next) this.#next = now + this.#every;
    }

    /** Shows what a job says, if it says something new and the user wants to read all of it. */
    #tell(job: Loose): void {
      if (!this.#isVerbose || !job.message || job.message === this.#message) return;
      this.#message = job.message;
      output(`${job.updated ?? ""}: ${job.message}\n`);
    }

    #counts(job: Loose, now: number): string[] {
      const done = job.documents?.done ?? 0;
      const total = job.documents?.total;
      const bytes = job.bytes?.done ?? 0;
      const elapsed = Math.max(0.001, now - this.#start);
      const parts = [total ? `${thousands(done)} of ${thousands(total)} documents` : `${thousands(done)} documents`];
      if (bytes > 0) parts.push(size(bytes));
      if (done > 0) parts.push(`${thousands(done / elapsed)}/s`);
      if (done > 0 && total > done) parts.push(`${duration((total - done) * elapsed / done)} left`);
      return parts;
    }

    #status(job: Loose, now: number): string {
      return [job.message || job.phase || job.state, ...this.#counts(job, now)].join(", ");
    }

    #draw(job: Loose, now: number): void {
      const total = job.documents?.total;
      const share = total > 0 ? Math.min(1, (job.documents.done ?? 0) / total) : 0;
      const width = 24;
      const bar = "#".repeat(Math.round(share * width)).padEnd(width, ".");
      const percent = `${Math.floor(share * 100)}%`.padStart(4);
      const text = `${this.#name} [${bar}]${percent}  ${job.phase ?? ""}  ${this.#counts(job, now).join("  ")}`;
      const shown = text.slice(0, Math.max(20, host.columns() - 1));
      host.write(`\r${shown.padEnd(this.#drawn)}`);
      this.#drawn = shown.length;
    }

    /** Takes the bar away. */
    end(): void {
      if (this.#drawn > 0) host.write(`\r${" ".repeat(this.#drawn)}\r`);
    }

    /** Says how a sync ended and where its time went, if somebody has watched it. */
    sum(job: Loose): void {
      this.#tell(job);
      const { statistics, documents } = job;
      if (job.state !== "done" || !statistics?.total || !(this.#isVerbose || this.#drawn > 0)) return;
      const parts = ["waiting", "decoding", "writing", "indexing"].map((part) =>
        `${part}${part === "waiting" ? " for the leader" : ""} ${statistics[part]} s`
      );
      const what = `${thousands(documents?.done ?? 0)} documents, ${size(statistics.received)}`;
      output(`${this.#name}: ${what} in ${statistics.total} s (${parts.join(", ")})\n`);
    }
  }

  exports.Progress = Progress;
}
