import { equal } from "node:assert/strict";
import { PendingEntries } from "./pending_entries.ts";

const bytes = (...entry: number[]): Uint8Array => new Uint8Array(entry);

Deno.test("entries that are going to change are found by their range, the beginning of it included, the end not", () => {
  const pending = new PendingEntries();
  equal(pending.meets(bytes(), bytes(255)), false);
  pending.add([bytes(3), bytes(1, 2)]);
  pending.add([bytes(2)]);
  equal(pending.meets(bytes(1), bytes(2)), true);
  equal(pending.meets(bytes(2), bytes(3)), true);
  equal(pending.meets(bytes(1), bytes(1, 2)), false);
  equal(pending.meets(bytes(2, 0), bytes(3)), false);
  equal(pending.meets(bytes(3, 0), bytes(255)), false);
  pending.clear();
  equal(pending.meets(bytes(), bytes(255)), false);
});

Deno.test("of more entries than are kept in order, any range may have some", () => {
  const pending = new PendingEntries();
  for (let i = 0; i < 20_000; i++) pending.add([bytes(1)]);
  equal(pending.meets(bytes(2), bytes(3)), true);
  pending.clear();
  equal(pending.meets(bytes(2), bytes(3)), false);
  pending.add([bytes(1)]);
  equal(pending.meets(bytes(2), bytes(3)), false);
});
