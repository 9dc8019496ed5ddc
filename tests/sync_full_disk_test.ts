/**
 * A follower whose disk is full: the sync says so, the collection is as it was, and the next one goes well when there is space.
 *
 * @module
 */
import { deepStrictEqual as deepEqual, ok, strictEqual as equal, throws } from "node:assert/strict";
import { readdirSync } from "node:fs";
import { Engine } from "../src/engine/engine.ts";
import { contents, SyncPair } from "./in_process_leader.ts";
import { RemotePair } from "./remote_pair.ts";

const FULL = { errorNum: 1104, message: /^filesystem full: no space left to write .*; free some and try again$/ };
const NO_LIMIT = 4294967294;

function mount(...options: readonly string[]): boolean {
  return new Deno.Command("mount", { args: [...options], stdout: "null", stderr: "null" }).outputSync().success;
}

/** A small file system; undefined where there can be none. */
function smallDisk(): { readonly path: string; grow(): void } & Disposable | undefined {
  if (Deno.build.os !== "linux") return undefined;
  const path = Deno.makeTempDirSync({ prefix: "denosh-test-" });
  if (!mount("-t", "tmpfs", "-o", "size=1536k", "tmpfs", path)) return void Deno.removeSync(path);
  return {
    path,
    grow: () => ok(mount("-o", "remount,size=64m", path)),
    [Symbol.dispose]: () => {
      new Deno.Command("umount", { args: [path] }).outputSync();
      Deno.removeSync(path);
    },
  };
}

function canMount(): boolean {
  using disk = smallDisk();
  return disk !== undefined;
}

/** Gives the leader documents of 2 kB each in `c`. */
function fill({ leader, leaderDatabase }: SyncPair, count: number): void {
  const collection = leaderDatabase.createCollection({ name: "c" });
  leader.write([collection], () => {
    for (let i = 0; i < count; i++) collection.insert(`{"_key":"k${i}","text":"${"x".repeat(2000)}"}`);
  });
}

// who may not mount anything has the other tests of full disks
const ignore = !canMount();

for (const incremental of [false, true]) {
  const kind = incremental ? "an incremental" : "a full";

  Deno.test(`${kind} sync into a full disk`, { ignore }, () => {
    using disk = smallDisk()!;
    using pair = new SyncPair();
    fill(pair, 2000);
    using engine = Engine.open({ directory: disk.path });
    const database = engine.database("_system");
    const local = database.createCollection({ name: "c" });
    local.insert(`{"_key":"mine"}`);
    const environment = { engine, database };
    const files = (): string[] => readdirSync(engine.files.path("")).filter((name) => name.endsWith(".sqlite"));
    const before = { contents: contents(local), files: files() };
    throws(() => pair.sync("c", { incremental }, { environment }), FULL);
    deepEqual({ contents: contents(local), files: files() }, before);
    equal(pair.open, 0);
    disk.grow();
    pair.sync("c", { incremental }, { environment });
    deepEqual(contents(local), contents(pair.leaderDatabase.collection("c")));
  });

  Deno.test(`${kind} sync of a server whose disk is full from any request on`, () => {
    const limit = ({ pair }: RemotePair, pages: number): unknown =>
      pair.follower.catalog.file.sql(`PRAGMA max_page_count = ${pages}`).get();
    for (let position = 0;; position++) {
      ok(position < 100, "it never goes well");
      using test = new RemotePair();
      fill(test.pair, 20);
      test.follower.createCollection({ name: "c" }).insert(`{"_key":"mine"}`);
      let sent = 0;
      const job = ((): { state: string; error: { errorNum: number } | null } => {
        try {
          return test.sync("c", { incremental }, (_request, answer) => {
            if (sent++ === position) limit(test, 1);
            return answer();
          });
        } catch (error) {
          // the job's process can note nothing
          return { state: "failed", error: error as { errorNum: number } };
        }
      })();
      if (job.state !== "done") equal(job.error!.errorNum, FULL.errorNum);
      limit(test, NO_LIMIT);
      test.equalize("c", { incremental });
      if (sent <= position) break;
    }
  });
}
