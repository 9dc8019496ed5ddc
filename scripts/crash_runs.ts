/**
 * Kills followers in the middle of syncs and looks at what they leave behind.
 *
 * A follower with old contents syncs from a leader with new ones and is killed by SIGKILL at some moment. Afterwards its directory must
 * open and hold exactly the old or the new contents, the job table must tell what happened, and the next sync must make both sides equal
 * and leave nothing but what is in use.
 *
 * @module
 */
import { deepStrictEqual as deepEqual, ok, strictEqual as equal, throws } from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type OpenShell, openShell } from "denosh";
import { Engine } from "../src/engine/engine.ts";
import type { JobDocument } from "../src/replication/job_document.ts";
import { documentText } from "./bench_documents.ts";
import { Follower, jobsOf, until } from "./crash_follower.ts";
import { type CollectionName, COLLECTIONS, type CrashKind, kindName, syncText } from "./crash_kinds.ts";
import { LeaderProcess } from "./leader_process.ts";

/** What a run has shown. */
export interface CrashOutcome {
  readonly kind: CrashKind;
  /** Milliseconds from the start of the sync to the kill. */
  readonly after: number;
  /** Whether the sync was over before it was killed. */
  readonly late: boolean;
  /** What the collection held after the kill. */
  readonly contents: "old" | "new";
  /** Whether the kill left a file that the next sync can take up. */
  readonly unfinished: boolean;
}

/** A leader with new contents, and a follower's directory with old ones to make copies of. */
export class CrashField implements AsyncDisposable {
  readonly #directory: string;
  readonly #leader: LeaderProcess;
  readonly #old = new Map<CollectionName, string>();
  readonly #new = new Map<CollectionName, string>();
  /** How long an undisturbed sync takes, in milliseconds, by kind. */
  readonly #durations = new Map<string, number>();
  #runs = 0;

  private constructor(directory: string, leader: LeaderProcess) {
    this.#directory = directory;
    this.#leader = leader;
  }

  /**
   * Makes leader and follower.
   *
   * @param documents in each collection
   */
  static async create(documents: number): Promise<CrashField> {
    const directory = Deno.makeTempDirSync({ prefix: "denosh-crash-" });
    let field: CrashField | undefined;
    try {
      field = new CrashField(directory, await LeaderProcess.start(join(directory, "leader")));
      await field.#load(documents);
      return field;
    } catch (error) {
      if (field) await field[Symbol.asyncDispose]();
      else rmSync(directory, { recursive: true });
      throw error;
    }
  }

  get #template(): string {
    return join(this.#directory, "template");
  }

  async #load(documents: number): Promise<void> {
    const leader = this.#leader;
    for (const name of COLLECTIONS) await leader.request("POST", "/_api/collection", { name });
    for (const unique of [true, false]) {
      await leader.request("POST", "/_api/index?collection=unique", {
        type: "persistent",
        fields: [unique ? "number" : "name"],
        unique,
      });
    }
    const put = async (name: string, from: number, to: number, step: number, version: number): Promise<void> => {
      const lines: string[] = [];
      for (let i = from; i < to; i += step) {
        lines.push(`${documentText(i, "sorted", version).slice(0, -1)},"number":${version * 1e9 + i}}`);
      }
      await leader.request(
        "POST",
        `/_api/import?type=documents&collection=${name}&onDuplicate=replace&complete=true`,
        lines.join("\n"),
      );
    };
    for (const name of COLLECTIONS) await put(name, 0, documents, 1, 0);
    using follower = this.#open(this.#template);
    for (const name of COLLECTIONS) {
      follower.run(syncText({ collection: name, incremental: false, async: false, password: false }));
      this.#old.set(name, await this.#leaderContents(name));
      await put(name, 0, documents, 20, 1);
      await put(name, documents, documents + documents / 50, 1, 0);
      this.#new.set(name, await this.#leaderContents(name));
    }
  }

  #open(directory: string): OpenShell {
    return openShell({ directory, connectTo: [`leader.domain.org:8529:127.0.0.1:${this.#leader.port}`] });
  }

  /** A digest of a leader's documents, as its dump gives them. */
  async #leaderContents(name: string): Promise<string> {
    const leader = this.#leader;
    const batch = await leader.request("POST", "/_api/replication/batch", {}) as { id: string };
    const dump = `/_api/replication/dump?collection=${name}&batchId=${batch.id}&useEnvelope=false&chunkSize=${
      1 << 26
    }&docsPerBatch=10000000`;
    const response = await fetch(`${leader.url}${dump}`);
    const text = await response.text();
    equal(response.headers.get("x-arango-replication-checkmore"), "false", "the dump has one chunk");
    await leader.request("DELETE", `/_api/replication/batch/${batch.id}`);
    return digest(text.trimEnd().split("\n"));
  }

  /** Makes one follower, kills it at a moment that `random` (0 to 1) chooses, and checks what is left. */
  async run(kind: CrashKind, random: number): Promise<CrashOutcome> {
    const known = this.#durations.get(kindName(kind));
    if (known === undefined) {
      const started = await this.#follower(kind, async (follower) => {
        const begun = await follower.begun;
        await follower.ended();
        return performance.now() - begun;
      });
      this.#durations.set(kindName(kind), started);
    }
    // beyond the usual duration too: the moments around the end are the interesting ones
    const after = random * 1.1 * this.#durations.get(kindName(kind))!;
    return await this.#follower(kind, (follower) => this.#crash(kind, follower, after));
  }

  async #follower<T>(kind: CrashKind, body: (follower: Follower) => Promise<T>): Promise<T> {
    const directory = join(this.#directory, `follower-${this.#runs++}`);
    cpSync(this.#template, directory, { recursive: true });
    try {
      await using follower = new Follower(directory, this.#leader.port, kind);
      return await body(follower);
    } finally {
      rmSync(directory, { recursive: true });
    }
  }

  async #crash(kind: CrashKind, follower: Follower, after: number): Promise<CrashOutcome> {
    const begun = await follower.begun;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, begun + after - performance.now())));
    await follower.kill();
    const { directory } = follower;
    const { contents, state, id, unfinished } = this.#lookAt(directory, kind);
    if (state === "not begun") equal(contents, "old", "nothing changes before there is a job");
    if (state === "done") equal(contents, "new", "a job that is done has brought the new contents");
    const resumable = kind.async && !kind.password;
    {
      using shell = this.#open(directory);
      const job = (): JobDocument => shell.run(`db._sync_jobs.document("${id}")`) as JobDocument;
      const ask = `require("@arangodb/replication").getSyncResult("${id}")`;
      if (state === "not begun") {
        equal(id, "");
      } else if (state === "done") {
        equal((shell.run(ask) as { collections: unknown[] }).collections.length, 1);
      } else if (resumable) {
        await until(() => job().state !== "running", `job ${id} to be resumed`);
        equal(job().state, "done", `the resumed job: ${JSON.stringify(job().error)}`);
        equal(job().attempts, 2);
        equal((shell.run(ask) as { collections: unknown[] }).collections.length, 1);
      } else {
        throws(() => shell.run(ask), { errorNum: 1412 }, "the job was interrupted");
        equal(job().state, "interrupted");
      }
      shell.run(syncText({ ...kind, async: false }));
      const jobs = shell.run("db._sync_jobs.toArray()") as JobDocument[];
      equal(jobs.filter((one) => Object.keys(one.unfinished).length > 0).length, 0, "no file is noted as unfinished");
      equal(jobs.filter((one) => one.state === "running").length, 0, "no job runs");
    }
    this.#checkFinal(directory, kind);
    return { kind, after, late: state === "done", contents, unfinished };
  }

  /** What lies in a directory after the kill, without any recovery of jobs. */
  #lookAt(
    directory: string,
    kind: CrashKind,
  ): { contents: "old" | "new"; state: JobDocument["state"] | "not begun"; id: string; unfinished: boolean } {
    using engine = Engine.open({ directory });
    const database = engine.database("_system");
    const collection = database.collection(kind.collection);
    const texts = [...collection.pages()].flat().map(({ text }) => text);
    equal(collection.count(), texts.length, "the count is the number of documents");
    const found = digest(texts);
    const contents = found === this.#new.get(kind.collection) ? "new" : "old";
    if (contents === "old") {
      equal(found, this.#old.get(kind.collection), "the contents are the old ones or the new ones");
    }
    const jobs = jobsOf(engine);
    // those of the template are older
    const job = jobs.length > COLLECTIONS.length
      ? jobs.reduce((last, one) => (one.started > last.started ? one : last))
      : undefined;
    if (!job) return { contents, state: "not begun", id: "", unfinished: false };
    equal(job.collection, kind.collection);
    return { contents, state: job.state, id: job._key, unfinished: Object.keys(job.unfinished).length > 0 };
  }

  #checkFinal(directory: string, kind: CrashKind): void {
    using engine = Engine.open({ directory });
    const collection = engine.database("_system").collection(kind.collection);
    const texts = [...collection.pages()].flat().map(({ text }) => text);
    equal(digest(texts), this.#new.get(kind.collection), "the follower is equal to the leader");
    for (const { id, type } of collection.indexes()) {
      if (type === "persistent") {
        equal(collection.reading()!.indexSizes(BigInt(id)).entries, texts.length, "index entries");
      }
    }
    const used = engine.catalog.collections().flatMap(({ file }) => file === null ? [] : [file]);
    const left = readdirSync(join(directory, "collections")).filter((name) =>
      !used.includes(name.replace(/-(?:wal|shm|journal)$/, ""))
    );
    deepEqual(left, [], "no file is left over");
    for (const file of used) {
      const path = join(directory, "collections", file);
      ok(existsSync(path), `${file} is there`);
      const database = new DatabaseSync(path, { readOnly: true });
      const [answer] = database.prepare("PRAGMA integrity_check").all();
      database.close();
      equal(answer?.integrity_check, "ok", file);
    }
  }

  /** Stops the leader and removes all directories. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#leader.stop();
    rmSync(this.#directory, { recursive: true });
  }
}

function digest(texts: readonly string[]): string {
  return createHash("sha256").update([...texts].sort().join("\n")).digest("hex");
}
