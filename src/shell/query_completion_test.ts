import { deepEqual, equal } from "node:assert/strict";
import { isMemorable } from "./history.ts";
import { highlighted } from "./highlight.ts";
import { queryBefore, queryProposals } from "./query_completion.ts";
import { textWidth, withoutEscapes } from "./text_width.ts";

const NAMES = { keywords: ["FILTER", "FOR", "RETURN"], functions: ["FLOOR", "LENGTH"] };
const DATABASE = {
  collections: () => ["flowers", "friends"],
  attributes: (collection: string) => collection === "flowers" ? ["_key", "colour", "count"] : [],
};

Deno.test("a query is found in the strings of calls that take one", () => {
  equal(queryBefore("db._query('FOR x IN "), "FOR x IN ");
  equal(queryBefore('x = db._explain("RETURN '), "RETURN ");
  equal(queryBefore("db._query(aql`FOR x"), "FOR x");
  equal(queryBefore("db._createStatement({ query: 'FOR"), "FOR");
  equal(queryBefore("db._query('RETURN 1').to"), undefined);
  equal(queryBefore("print('FOR "), undefined);
});

Deno.test("queries are completed with words, functions, collections, variables and attributes", () => {
  const texts = (query: string): readonly string[] => queryProposals(query, query.length, NAMES, DATABASE).texts;
  deepEqual(texts("FIL"), ["FILTER"]);
  deepEqual(texts("FOR fl IN f"), ["filter", "fl", "floor(", "flowers", "for", "friends"].sort());
  deepEqual(texts("RETURN LEN"), ["LENGTH("]);
  deepEqual(texts("FOR f IN flowers FILTER f.co"), ["colour", "count"]);
  deepEqual(texts("FOR f IN other FILTER f.co"), []);
  equal(queryProposals("FOR f IN flowers FILTER f.co", 40, NAMES, DATABASE).start, 38);
});

Deno.test("commands with secrets, and those that leave, are not remembered", () => {
  for (
    const command of [
      "exit",
      "quit;",
      "  ",
      "syncCollection('x', { password: 'p' })",
      "arango.reconnect('tcp://h', '_system', 'u', 'p')",
      "require('@arangodb/users').save('u', 'p')",
      "x = 'http://user:pass@host/'",
      "authorization = 'bearer x'",
    ]
  ) {
    equal(isMemorable(command), false, command);
  }
  equal(isMemorable("db.users.count()"), true);
  equal(isMemorable("exit(); print(1)"), true);
});

Deno.test("colours change nothing but the looks", () => {
  const text = "let x = `a\nb`; // yes\nreturn 'z' + 12.5e3 + null /* open";
  equal(withoutEscapes(highlighted(text)), text);
  equal(highlighted("new"), "\x1b[34mnew\x1b[0m");
  equal(highlighted("renew.new"), "renew.new");
  deepEqual(["abc", "ä😀", "日本", "\x1b[1ma\x1b[0m", "e\u0301"].map(textWidth), [3, 3, 4, 1, 1]);
});
