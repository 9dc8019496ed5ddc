/**
 * A follower that can be killed in the middle of a sync.
 *
 * @module
 */
import { strictEqual as equal } from "node:assert/strict";
import { Engine } from "../src/engine/engine.ts";
import type { JobDocument } from "../src/replication/job_document.ts";
import { type CrashKind, syncText } from "./crash_kinds.ts";
import { denoshCommand } from "./leader_process.ts";

/** A shell in a process of its own that syncs. */
export class Follower implements AsyncDisposable {
  /** Its data directory. */
  readonly directory: string;
  readonly #child: Deno.ChildProcess;
  readonly #async: boolean;
  #job: number | undefined;
  /** When the sync began, on the clock of `performance.now()`. */
  readonly begun: Promise<number>;

  /**
   * Starts a follower.
   *
   * @param port where the leader listens
   */
  constructor(directory: string, port: number, kind: CrashKind) {
    this.directory = directory;
    this.#async = kind.async;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: denoshCommand(
        "--quiet",
        "--database.directory",
        directory,
        "--connect-to",
        `leader.domain.org:8529:127.0.0.1:${port}`,
        "--javascript.execute-string",
        `db._sync_jobs.count(); print("begin"); ${syncText(kind)}`,
      ),
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.begun = this.#begun();
  }

  async #begun(): Promise<number> {
    const reader = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = ""; !text.includes("begin");) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`the follower ended with status ${(await this.#child.status).code} before its sync`);
      text += value;
    }
    await reader.cancel();
    if (this.#async) {
      using engine = Engine.open({ directory: this.directory });
      await until(() => {
        engine.refresh();
        this.#job = jobsOf(engine).find(({ background, process }) => background && process !== null)?.process ??
          undefined;
        return this.#job !== undefined;
      }, "the job to begin");
    }
    return performance.now();
  }

  /** Kills whoever syncs, and waits until it is gone. */
  async kill(): Promise<void> {
    if (this.#job === undefined) {
      kill(this.#child.pid);
    } else {
      const job = this.#job;
      kill(job);
      await until(() => !isAlive(job), "the job's process to end");
    }
    await this.#child.status;
  }

  /** Waits for the end of the sync. */
  async ended(): Promise<void> {
    const { code } = await this.#child.status;
    equal(code, 0, "the status of an undisturbed follower");
    const job = this.#job;
    if (job !== undefined) await until(() => !isAlive(job), "the job's process to end");
  }

  /** Kills whoever is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.begun.catch(() => {});
    await this.kill();
  }
}

/** The job table of a follower. */
export function jobsOf(engine: Engine): JobDocument[] {
  const table = engine.database("_system").collection("_sync_jobs");
  return [...table.pages()].flat().map(({ text }) => JSON.parse(text));
}

function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    // it has ended on its own
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Whether a thread of a process still runs: its files stay open until the last one has ended. */
function isAlive(pid: number): boolean {
  return unlessGone(() => [...Deno.readDirSync(`/proc/${pid}/task`)], []).some(({ name }) =>
    !/^State:\s+[ZX]/m.test(unlessGone(() => Deno.readTextFileSync(`/proc/${pid}/task/${name}/status`), "State: X"))
  );
}

/** What is read about a process or thread that may end at any moment. */
function unlessGone<T>(read: () => T, gone: T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || /No such process/.test(String(error))) return gone;
    throw error;
  }
}

/**
 * Waits until something is the case.
 *
 * @param what what is waited for, for the error
 * @throws Error after a minute
 */
export async function until(reached: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!reached()) {
    if (performance.now() > deadline) throw new Error(`waited a minute for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
