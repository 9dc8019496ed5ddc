/**
 * Random transactions beside each other and beside writers outside of them, against a model of snapshot isolation: who claims
 * a document or a unique value first has it.
 */
import { deepStrictEqual as deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { assertConsistent } from "../engine/testing.ts";
import { type Answer, TestServer } from "./testing.ts";

const KEYS = ["k0", "k1", "k2", "k3"];
const VALUES = [0, 1, 2];

/** A document, as the model knows it; another object after each write. */
interface Doc {
  readonly u: number;
}
type Docs = ReadonlyMap<string, Doc>;

/** Who holds a unique value. */
function holder(docs: Docs, u: number): Doc | undefined {
  return [...docs.values()].find((doc) => doc.u === u);
}

/** A transaction of the model; outside of transactions there is one without an id. */
interface Model {
  readonly id: string | undefined;
  readonly snapshot: Docs;
  docs: Docs;
  claims: ReadonlySet<string>;
  readonly written: Set<string>;
}

class World {
  committed: Docs = new Map();
  readonly running: Model[] = [];
  readonly test = new TestServer();

  constructor() {
    this.test.send("POST", "/_api/collection", { name: "c" });
    this.test.send("POST", "/_api/index?collection=c", { type: "persistent", fields: ["u"], unique: true });
    this.test.send("POST", "/_api/index?collection=c", { type: "persistent", fields: ["n", "u"] });
    this.test.send("POST", "/_api/index?collection=c", { type: "geo", fields: ["place"] });
  }

  send(who: Model | undefined, method: string, url: string, body?: unknown): Answer {
    return this.test.send(method, url, body, who?.id === undefined ? {} : { "x-arango-trx-id": who.id });
  }

  begin(): void {
    const { id } = this.test.send("POST", "/_api/transaction/begin", { collections: { write: "c" } }).body.result;
    this.running.push({
      id,
      snapshot: this.committed,
      docs: this.committed,
      claims: new Set(),
      written: new Set(),
    });
  }

  end(trx: Model, commits: boolean): void {
    const answer = this.test.send(commits ? "PUT" : "DELETE", `/_api/transaction/${trx.id}`);
    deepEqual(answer.status, 200, JSON.stringify(answer.body));
    this.running.splice(this.running.indexOf(trx), 1);
    if (!commits) return;
    const committed = new Map(this.committed);
    for (const key of trx.written) {
      const doc = trx.docs.get(key);
      if (doc) committed.set(key, doc);
      else committed.delete(key);
    }
    this.committed = committed;
  }

  /** What a write of `key` with the value `u` should answer: an error number, or undefined after it was done in the model. */
  expect(
    trx: Model | undefined,
    operation: "insert" | "update" | "remove",
    key: string,
    u: number,
  ): number | undefined {
    const docs = trx?.docs ?? this.committed;
    const old = docs.get(key);
    if (operation !== "insert" && !old) return 1202;
    const claims = new Set(trx?.claims);
    const claim = (name: string, state: (docs: Docs) => Doc | undefined): boolean => {
      if (this.running.some((other) => other !== trx && other.claims.has(name))) return false;
      if (trx && !claims.has(name) && state(trx.snapshot) !== state(this.committed)) return false;
      claims.add(name);
      return true;
    };
    const values = new Set([...(old && operation !== "insert" ? [old.u] : []), ...(operation === "remove" ? [] : [u])]);
    if (!claim(key, (state) => state.get(key))) return 1200;
    for (const value of values) if (!claim(`u${value}`, (state) => holder(state, value))) return 1200;
    if (operation === "insert" && old) return 1210;
    const other = operation === "remove" ? undefined : holder(docs, u);
    if (other && other !== old) return 1210;
    const changed = new Map(docs);
    if (operation === "remove") changed.delete(key);
    else changed.set(key, { u });
    if (trx) {
      trx.docs = changed;
      trx.claims = claims;
      trx.written.add(key);
    } else {
      this.committed = changed;
    }
    return undefined;
  }

  write(
    trx: Model | undefined,
    operation: "insert" | "update" | "remove",
    key: string,
    u: number,
    byQuery: boolean,
  ): void {
    const document = { _key: key, u, n: u % 2, place: [u, u] };
    const query = {
      insert: "INSERT @document INTO c",
      update: "UPDATE @document IN c",
      remove: "REMOVE @document._key IN c",
    }[operation];
    const answer = byQuery
      ? this.send(trx, "POST", "/_api/cursor", { query, bindVars: { document } })
      : operation === "insert"
      ? this.send(trx, "POST", "/_api/document/c", document)
      : this.send(trx, operation === "update" ? "PATCH" : "DELETE", `/_api/document/c/${key}`, document);
    deepEqual(answer.body.errorNum, this.expect(trx, operation, key, u), JSON.stringify(answer.body));
  }

  /** Everybody sees what the model says, whatever way it is read. */
  check(): void {
    for (const trx of [undefined, ...this.running]) {
      const docs = trx?.docs ?? this.committed;
      const expected = [...docs].map(([key, { u }]) => [key, u]).sort();
      const rows = (query: string): unknown => {
        const { body } = this.send(trx, "POST", "/_api/cursor", { query });
        return body.result ?? body;
      };
      const byValue = expected.map((one) => [...one]).sort(([, a], [, b]) => Number(a) - Number(b));
      deepEqual(rows("FOR d IN c SORT d._key RETURN [d._key, d.u]"), expected);
      deepEqual(rows("FOR d IN c FILTER d.u >= 0 SORT d.u RETURN [d._key, d.u]"), byValue);
      deepEqual(
        rows("FOR d IN c FILTER d.n == 1 SORT d._key RETURN [d._key, d.u]"),
        expected.filter(([, u]) => u === 1),
      );
      deepEqual(
        rows("FOR d IN c FILTER GEO_DISTANCE(d.place, [1, 1]) < 1000 RETURN [d._key, d.u]"),
        expected.filter(([, u]) => u === 1),
      );
      deepEqual(
        rows(`FOR k IN ${JSON.stringify(KEYS)} FILTER DOCUMENT("c", k) != null RETURN k`),
        expected.map(([k]) => k),
      );
      deepEqual(rows("RETURN LENGTH(c)"), [expected.length]);
      deepEqual(this.send(trx, "GET", "/_api/collection/c/count").body.count, expected.length);
    }
  }

  [Symbol.dispose](): void {
    this.test[Symbol.dispose]();
  }
}

const action = fc.oneof(
  { weight: 2, arbitrary: fc.record({ type: fc.constant("begin" as const) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("end" as const), who: fc.nat(3), commits: fc.boolean() }) },
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constantFrom("insert" as const, "update" as const, "remove" as const),
      // who is beyond the running transactions writes outside of them
      who: fc.nat(3),
      key: fc.constantFrom(...KEYS),
      u: fc.constantFrom(...VALUES),
      byQuery: fc.boolean(),
    }),
  },
);

Deno.test("transactions beside each other see a snapshot and their own writes, and the first to write wins", () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 10, maxLength: 40 }), (actions) => {
      using world = new World();
      for (const one of actions) {
        if (one.type === "begin") {
          if (world.running.length < 3) world.begin();
        } else if (one.type === "end") {
          const trx = world.running[one.who];
          if (trx) world.end(trx, one.commits);
        } else {
          world.write(world.running[one.who], one.type, one.key, one.u, one.byQuery);
        }
        world.check();
      }
      for (const trx of [...world.running]) world.end(trx, true);
      world.check();
      assertConsistent(world.test.server.engine.database("_system").collection("c"));
    }),
    { numRuns: 10 },
  );
});
