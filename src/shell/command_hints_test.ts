import { equal } from "node:assert/strict";
import { commandHint } from "./command_hints.ts";

const NAMES = ["users", "orders"];

const HINTS: readonly (readonly [command: string, hint: string | undefined])[] = [
  ["show collections", "Hint: here it is db._collections()"],
  [" SHOW dbs ", "Hint: here it is db._databases()"],
  ["use shop;", 'Hint: here it is db._useDatabase("shop")'],
  ["SELECT * FROM users WHERE a = 1", 'Hint: here it is db._query("FOR d IN users RETURN d")'],
  ["FOR u IN users RETURN u", "Hint: queries are run by db._query(`FOR u IN users RETURN u`)"],
  [
    "for v, e in 1..2 outbound 'a/b' g return v",
    "Hint: queries are run by db._query(`for v, e in 1..2 outbound 'a/b' g return v`)",
  ],
  ["RETURN `a`", "Hint: queries are run by db._query(`RETURN \\`a\\``)"],
  ['RETURN "\\"a"', 'Hint: queries are run by db._query(`RETURN "\\\\"a"`)'],
  ["RETURN 1 +\n2", "Hint: queries are run by db._query(`…`)"],
  ["db.user.count()", "Hint: there is no collection 'user'; did you mean 'users'?"],
  ["print(db.Orders.any(), db.users.any())", "Hint: there is no collection 'Orders'; did you mean 'orders'?"],
  ["db.places.insert({})", "Hint: there is no collection 'places'; db._create(\"places\") makes it"],
  ["db.users.nothing()", undefined],
  ["db._nothing.x()", undefined],
  ["other.db.user.count()", undefined],
  ["for (const x of y) x()", undefined],
  ["return 1", undefined],
  ["nothing()", undefined],
];

Deno.test("commands that failed and look like something else get a hint", () => {
  for (const [command, hint] of HINTS) equal(commandHint(command, () => NAMES), hint, command);
});

Deno.test("where the collections are not known, nothing is said of them", () => {
  equal(commandHint("db.user.count()", () => []), undefined);
});

Deno.test("collections are only asked for when a command names one", () => {
  commandHint("nothing.at.all", () => {
    throw new Error("asked");
  });
});
