/**
 * Collections that others drop, rename or make anew while a sync is under way: the sync goes well or says what happened,
 * leaves nothing behind, and the next one makes both sides equal.
 *
 * @module
 */
import { deepStrictEqual as deepEqual, ok, strictEqual as equal } from "node:assert/strict";
import { readdirSync } from "node:fs";
import type { ArangoError } from "../src/base/arango_error.ts";
import type { Collection } from "../src/engine/collection.ts";
import type { Database } from "../src/engine/database.ts";
import { contents, type Meddler, SyncPair } from "./in_process_leader.ts";
import { coordinator, type FollowerMeddler, RemotePair } from "./remote_pair.ts";

/** What somebody does to the collection `c`. */
const EVENTS: Record<string, (database: Database, c: Collection) => void> = {
  dropped: (database, c) => database.dropCollection(c),
  renamed: (database, c) => database.renameCollection(c, "elsewhere"),
  "made anew": (database, c) => {
    database.dropCollection(c);
    database.createCollection({ name: "c" }).insert(`{"_key":"other"}`);
  },
};
const NOT_FOUND = 1203;
const LEADER_ERROR = 1402;
const LOCK_TIMEOUT = 18;

/** Every collection file belongs to a collection. */
function assertNoFilesLeft({ follower }: SyncPair): void {
  const files = readdirSync(follower.files.path("")).filter((name) => name.endsWith(".sqlite"));
  equal(files.length, follower.catalog.collections().filter(({ file }) => file !== null).length, files.join());
}

/** Does something to the collection, unless it is away for a moment or the sync's transaction keeps it as it is. */
function attempt(happens: (database: Database, c: Collection) => void, database: Database): void {
  const collection = database.find("c");
  try {
    if (collection) happens(database, collection);
  } catch (error) {
    equal((error as ArangoError).errorNum, LOCK_TIMEOUT);
  }
}

/** Syncs the collection, and has something happen before the request at a position; tells how many were sent. */
function syncWhile(
  pair: SyncPair,
  incremental: boolean,
  position: number,
  happen: () => void,
): { readonly sent: number; readonly error?: ArangoError } {
  let sent = 0;
  const meddle: Meddler = (_request, answer) => {
    if (sent++ === position) happen();
    return answer();
  };
  try {
    pair.sync("c", { incremental }, { meddle });
    return { sent };
  } catch (error) {
    return { sent, error: error as ArangoError };
  }
}

/** Calls `run` with 0, 1, … as long as it says that so many requests were sent. */
function atEachRequest(run: (position: number) => boolean): void {
  for (let position = 0; run(position); position++) ok(position < 100, "it never ends");
}

for (const [title, happens] of Object.entries(EVENTS)) {
  for (const incremental of [false, true]) {
    const kind = incremental ? "an incremental" : "a full";

    for (const unique of [false, true]) {
      const through = unique ? "a working copy" : "memory";
      Deno.test(`${kind} sync through ${through} whose follower's collection is ${title} at any request`, () => {
        atEachRequest((position) => {
          using pair = new SyncPair();
          pair.fill();
          const database = pair.followerDatabase;
          if (unique) database.collection("c").ensureIndex({ type: "persistent", fields: ["_key"], unique: true });
          const { sent, error } = syncWhile(
            pair,
            incremental,
            position,
            () => happens(database, database.collection("c")),
          );
          if (error) equal(error.errorNum, NOT_FOUND);
          assertNoFilesLeft(pair);
          pair.sync("c", { incremental });
          deepEqual(contents(database.collection("c")), contents(pair.leaderDatabase.collection("c")));
          return sent > position;
        });
      });
    }

    for (const [name, like] of [["a server", undefined], ["a cluster", coordinator]] as const) {
      Deno.test(`${kind} sync of ${name} whose collection is ${title} at any request`, () => {
        atEachRequest((position) => {
          using test = new RemotePair();
          test.pair.fill();
          let sent = 0;
          const meddle: FollowerMeddler = (request, otherwise) => {
            if (sent++ === position) attempt(happens, test.follower);
            return (like ?? ((_request, answer) => answer()))(request, otherwise);
          };
          const job = test.sync("c", { incremental }, meddle);
          // one that is made anew right after it was found is asked for by the id that it had
          const known = title === "made anew" ? [NOT_FOUND, LEADER_ERROR] : [NOT_FOUND];
          if (job.state !== "done") ok(known.includes(job.error!.errorNum), job.error!.errorMessage);
          test.assertNothingLeft();
          test.equalize("c", { incremental }, like);
          return sent > position;
        });
      });
    }

    Deno.test(`${kind} sync whose leader's collection is ${title} at any request`, () => {
      atEachRequest((position) => {
        using pair = new SyncPair();
        pair.fill();
        const database = pair.leaderDatabase;
        const [before, snapshot] = [pair.followerDatabase, database].map((one) => contents(one.collection("c")));
        const { sent, error } = syncWhile(
          pair,
          incremental,
          position,
          () => happens(database, database.collection("c")),
        );
        if (error) ok([NOT_FOUND, LEADER_ERROR].includes(error.errorNum), `${error}`);
        const now = contents(pair.followerDatabase.collection("c"));
        // the first request makes the snapshot, in which one that the second one finds by its name has no documents yet
        if (position > 0) deepEqual(now, error ? before : title === "made anew" && position === 1 ? {} : snapshot);
        assertNoFilesLeft(pair);
        equal(pair.open, 0);
        return sent > position;
      });
    });
  }
}
