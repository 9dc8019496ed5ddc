import { deepStrictEqual as deepEqual, throws } from "node:assert/strict";
import { DocumentLocks } from "./document_locks.ts";
import { Engine, MEMORY } from "./engine.ts";
import { LockTable } from "./lock_table.ts";

const C = { id: 7n, name: "c" };
const D = { id: 8n, name: "d" };

Deno.test("a thread that breaks takes nothing from the transactions of others, and leaves nothing when those have ended", () => {
  using engine = Engine.open({ directory: MEMORY });
  const table = new LockTable();
  const [main, a, b] = ["main", "a", "b"].map((thread) => new DocumentLocks(engine, table, thread)) as [
    DocumentLocks,
    DocumentLocks,
    DocumentLocks,
  ];
  a.begin();
  a.enter(C, "101", true, 0);
  a.claim(C, { key: "of-a" }, "101");
  for (const id of ["102", "103"]) {
    b.begin();
    b.enter(D, id, false, 0);
  }
  b.claim(D, { key: "of-b" }, "103");
  b.end("102");

  // nobody may know yet that one of its transactions has ended
  main.forget("b");
  main.forget("b");
  throws(() => main.claim(C, { key: "of-a" }, "104"), { errorNum: 1200 });
  throws(() => main.assertShared(C, 0), { errorNum: 18 });
  deepEqual(main.isEmpty, false);

  a.end("101");
  deepEqual(main.isEmpty, true);
  main.begin();
  main.enter(C, "104", true, 0);
  main.enter(D, "104", true, 0);
  const place = main.claim(D, { key: "of-b" }, "104")!;
  // who has lost a place has no say in it
  main.release(place, "103");
  throws(() => a.claim(D, { key: "of-b" }, "105"), { errorNum: 1200 });
  main.release(place, "104");
  deepEqual(a.claim(D, { key: "of-b" }, "105"), place);
});
