/**
 * Accidents at every step of a sync: whichever request is the first that gets no answer, the follower's collection is what it was or what the
 * leader has, and the next sync puts everything in order.
 *
 * @module
 */
import { deepStrictEqual as deepEqual, ok, strictEqual as equal } from "node:assert/strict";
import { ArangoError } from "../src/base/arango_error.ts";
import { encodeRevision } from "../src/base/revision.ts";
import { LinkFailure } from "../src/replication/leader_link.ts";
import { contents, type Meddler, SyncPair } from "./in_process_leader.ts";
import { answer, coordinator, type FollowerMeddler, RemotePair } from "./remote_pair.ts";

const TIMES_OUT = new LinkFailure("Request timeout reached", "timeout");

/**
 * Runs syncs of which the first gets no answer from its first request on, the next from its second one on, and so on.
 *
 * @param run runs a sync in which `dies()` is asked before each request to one side; tells whether it went well
 * @returns how many syncs failed before one went well
 */
function dyingAtEach(run: (dies: () => boolean) => boolean): number {
  for (let failed = 0;; failed++) {
    let left = failed;
    if (run(() => left-- <= 0)) return failed;
    ok(failed < 100, "it never goes well");
  }
}

for (const incremental of [false, true]) {
  const kind = incremental ? "an incremental" : "a full";

  Deno.test(`${kind} sync of the embedded database survives its leader's death at every request`, () => {
    const failures = dyingAtEach((dies) => {
      using pair = new SyncPair();
      pair.fill();
      const local = pair.followerDatabase.collection("c");
      const before = contents(local);
      const meddle: Meddler = (_request, answer) => {
        if (dies()) throw TIMES_OUT;
        return answer();
      };
      try {
        pair.sync("c", { incremental }, { meddle });
        return true;
      } catch (error) {
        equal((error as ArangoError).errorNum, 1400);
        deepEqual(contents(local), before);
        equal(pair.open, 0);
      }
      pair.sync("c", { incremental });
      deepEqual(contents(local), contents(pair.leaderDatabase.collection("c")));
      return false;
    });
    // batch, inventory, tree, and at least one for documents; that the end of the batch goes unheard is no failure
    ok(failures >= 4, `${failures}`);
  });

  for (const [name, like] of [["a server", undefined], ["a cluster", coordinator]] as const) {
    const through: FollowerMeddler = like ?? ((_request, otherwise) => otherwise());
    /** What a follower may hold after an accident: all of one side, or, changed as it stands, documents of both. */
    const isSound = (test: RemotePair, before: object, after: object): boolean => {
      const same = (one: object, other: object): boolean => JSON.stringify(one) === JSON.stringify(other);
      const collection = test.follower.find("c");
      if (!collection) {
        // between the end of the old one and the new name of its successor
        const copies = test.follower.collections().filter((one) => /^c_sync-\d+$/.test(one.name));
        const named = (text: string): string => text.replace(`"${copies[0]!.name}/`, '"c/');
        return copies.length === 1 &&
          same(Object.values(contents(copies[0]!)).map(named), Object.values(after));
      }
      const now = contents(collection);
      if (same(now, before) || same(now, after)) return true;
      const known = new Set([...Object.values(before), ...Object.values(after)]);
      return like !== undefined && !incremental && Object.values(now).every((text) => known.has(text));
    };

    Deno.test(`${kind} sync of ${name} survives its leader's death at every request`, () => {
      const failures = dyingAtEach((dies) => {
        using test = new RemotePair();
        test.pair.fill();
        const [before, after] = [test.follower, test.leader].map((one) => contents(one.collection("c")));
        const job = test.sync("c", { incremental }, through, (_request, answer) => {
          if (dies()) throw TIMES_OUT;
          return answer();
        });
        if (job.state === "done") return true;
        equal(job.error!.errorNum, 1400);
        ok(isSound(test, before!, after!));
        test.assertNothingLeft();
        test.equalize("c", { incremental }, like);
        return false;
      });
      ok(failures >= 4, `${failures}`);
    });

    Deno.test(`${kind} sync of ${name} survives the follower's death at every request`, () => {
      const failures = dyingAtEach((dies) => {
        using test = new RemotePair();
        test.pair.fill();
        const [before, after] = [test.follower, test.leader].map((one) => contents(one.collection("c")));
        let isDead = false;
        const meddle: FollowerMeddler = (request, otherwise) => {
          isDead ||= dies();
          if (isDead) throw new ArangoError(2001, "nothing listens there");
          return through(request, otherwise);
        };
        try {
          // no time for second attempts
          equal(test.sync("c", { incremental, initialSyncMaxWaitTime: 0.2 }, meddle).state, "done");
          return true;
        } catch (error) {
          // the job's process can tell nobody
          equal((error as ArangoError).errorNum, 2001);
        }
        ok(isSound(test, before!, after!));
        test.restartFollower();
        test.equalize("c", { incremental }, like);
        return false;
      });
      ok(failures >= 8, `${failures}`);
    });
  }
}

Deno.test("what others do to the leader's collection meanwhile does not reach the follower", () => {
  const events: Record<string, (pair: SyncPair) => void> = {
    truncate: ({ leaderDatabase }) => leaderDatabase.collection("c").truncate(),
    "new documents": ({ leaderDatabase }) => void leaderDatabase.collection("c").insert("{}"),
    "removed documents": ({ leaderDatabase }) => {
      const [first] = Object.keys(contents(leaderDatabase.collection("c")));
      leaderDatabase.collection("c").remove(first!);
    },
  };
  for (const [event, happens] of Object.entries(events)) {
    for (const incremental of [false, true]) {
      using pair = new SyncPair();
      pair.fill();
      const snapshot = contents(pair.leaderDatabase.collection("c"));
      let isFirst = true;
      pair.sync("c", { incremental }, {
        meddle: (_request, answer) => {
          if (!isFirst) happens(pair);
          isFirst = false;
          return answer();
        },
      });
      deepEqual(contents(pair.followerDatabase.collection("c")), snapshot, event);
    }
  }
});

Deno.test("what others do to the follower's collection meanwhile is found, and the collection becomes the leader's", () => {
  const events: Record<string, (pair: SyncPair) => void> = {
    truncate: ({ followerDatabase }) => followerDatabase.collection("c").truncate(),
    "new documents": ({ followerDatabase }) => void followerDatabase.collection("c").insert("{}"),
    "changed documents": ({ followerDatabase }) => void followerDatabase.collection("c").update("k70", `{"now":1}`),
  };
  for (const [event, happens] of Object.entries(events)) {
    for (const path of ["/tree?", "/documents?", "/dump?"]) {
      for (const incremental of [false, true]) {
        using pair = new SyncPair();
        pair.fill();
        let isFirst = true;
        pair.sync("c", { incremental }, {
          meddle: (request, answer) => {
            const isNow = isFirst && request.url.includes(path);
            isFirst &&= !isNow;
            if (isNow) happens(pair);
            return answer();
          },
        });
        deepEqual(
          contents(pair.followerDatabase.collection("c")),
          contents(pair.leaderDatabase.collection("c")),
          event,
        );
      }
    }
  }
});

Deno.test("a transaction that somebody else has left is waited for", () => {
  using test = new RemotePair();
  test.pair.fill();
  let refused = 0;
  test.equalize("c", { incremental: true }, (request, otherwise) => {
    if (!request.url.endsWith("/transaction/begin") || ++refused > 1) return otherwise();
    return answer(409, { error: true, code: 409, errorNum: 18, errorMessage: "lock timeout" });
  });
  equal(refused, 2);
  test.leader.collection("c").insert("{}");
  const { error } = test.sync("c", { incremental: true, initialSyncMaxWaitTime: 0.1 }, (request, otherwise) => {
    if (!request.url.endsWith("/transaction/begin")) return otherwise();
    return answer(409, { error: true, code: 409, errorNum: 18, errorMessage: "lock timeout" });
  });
  equal(error!.errorNum, 18);
});

Deno.test("documents of a leader whose clock is a year ahead arrive, and what the follower writes then comes after them", () => {
  using pair = new SyncPair();
  pair.fill();
  const leader = pair.leaderDatabase.collection("c");
  const inAYear = BigInt(Date.now() + 365 * 86_400_000) << 20n;
  leader.insert(`{"_key":"late","_rev":"${encodeRevision(inAYear)}"}`, { isRestore: true });
  const local = pair.followerDatabase.collection("c");
  for (const incremental of [true, false]) {
    pair.sync("c", { incremental });
    deepEqual(contents(local), contents(leader));
    local.insert(`{"_key":"mine"}`);
    ok(local.document("mine")!.rev > inAYear);
  }
});
