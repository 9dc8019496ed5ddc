import { deepStrictEqual as deepEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { completeProperties, makeTokenizer } from "./analyzer.ts";
import { builtInTokenizer, completeFeatures } from "./built_in.ts";

const SURROUNDINGS = { prepareQuery: () => (param: string) => [param] };

function tokens(type: string, properties: Record<string, unknown>, text: string): unknown {
  return makeTokenizer(type, completeProperties(type, properties, SURROUNDINGS), SURROUNDINGS)(text);
}

// The manual's page on analyzers tells these results in words, or the recorded examples show them.
const CASES: readonly [type: string, properties: Record<string, unknown>, text: string, expected: string[]][] = [
  ["ngram", { min: 4, max: 5, preserveOriginal: true }, "foobar", ["foob", "fooba", "foobar", "ooba", "oobar", "obar"]],
  ["ngram", { min: 4, max: 5, preserveOriginal: true, startMarker: "^", endMarker: "$" }, "foobar", [
    ..."^foob ^fooba ^foobar foobar$ ooba oobar$ obar$".split(" "),
  ]],
  ["ngram", { min: 4, max: 4, preserveOriginal: false }, "foo", []],
  ["ngram", { min: 4, max: 4, preserveOriginal: true }, "foo", ["foo"]],
  ["ngram", { min: 2, max: 2, preserveOriginal: false, streamType: "utf8" }, "aä😀", ["aä", "ä😀"]],
  ["wildcard", { ngramSize: 3 }, "graph", ["�gr", "gra", "rap", "aph", "ph�", "h�"]],
  ["delimiter", { delimiter: "," }, 'foo,"bar,baz"', ["foo", "bar,baz"]],
  ["delimiter", { delimiter: "," }, 'a,"say ""hi""",,b"c', ["a", 'say "hi"', "", 'b"c']],
  ["delimiter", { delimiter: "-> " }, "some-> hand-picked-> words", ["some", "hand-picked", "words"]],
  ["multi_delimiter", { delimiters: [",", ";", "||"] }, "a,b;c||d|e", ["a", "b", "c", "d|e"]],
  ["norm", { locale: "en", accent: false, case: "lower" }, "UPPER lower dïäcríticš", ["upper lower diacritics"]],
  ["norm", { locale: "tr", case: "lower" }, "I", ["ı"]],
  ["stem", { locale: "en" }, "databases", ["databas"]],
  ["stem", { locale: "xx" }, "databases", ["databases"]],
  ["text", { locale: "en", stopwords: ["a", "example"] }, "UPPER & lower, a Stemming Example.", [
    ..."upper lower stem".split(" "),
  ]],
  ["text", { locale: "en", stemming: false }, "see example.org, 1,000.5 times", [
    "see",
    "example.org",
    "1,000.5",
    "times",
  ]],
  ["text", { locale: "en", case: "none", accent: true, stemming: false }, "Ämet É", ["Ämet", "É"]],
  ["text", { locale: "en", stemming: false, edgeNgram: { min: 2, max: 3 } }, "a fox jumps", ["fo", "fox", "ju", "jum"]],
  ["stopwords", { stopwords: ["616e64"], hex: true }, "and", []],
  ["stopwords", { stopwords: ["and"] }, "andy", ["andy"]],
  ["segmentation", {}, "An_EMAIL-address+123@example.org 蝴蝶。", [
    ..."an_email address 123 example.org 蝴 蝶".split(" "),
  ]],
  ["segmentation", { break: "all", case: "none" }, "A b.", ["A", " ", "b", "."]],
  ["segmentation", { break: "graphic", case: "upper" }, "a\tb\u3000-", ["A", "B", "-"]],
  [
    "pipeline",
    {
      pipeline: [{ type: "delimiter", properties: { delimiter: "," } }, { type: "stem", properties: { locale: "en" } }],
    },
    "delimited,stemmable,words",
    ["delimit", "stemmabl", "word"],
  ],
];

Deno.test("each type of analyzer makes the tokens that the manual shows", () => {
  for (const [type, properties, text, expected] of CASES) deepEqual(tokens(type, properties, text), expected, type);
});

Deno.test("built-in analyzers stem their language", () => {
  deepEqual(builtInTokenizer("text_de")!("Lörem ipsüm, DOLOR SIT Ämet."), ["lor", "ipsum", "dolor", "sit", "amet"]);
  deepEqual(builtInTokenizer("text_en")!("Crazy fast NoSQL-database!"), ["crazi", "fast", "nosql", "databas"]);
  deepEqual(builtInTokenizer("text_xx"), undefined);
});

Deno.test("settings that are missing or wrong are refused by name", () => {
  const refused = (type: string, properties: Record<string, unknown>, errorNum: number, message: RegExp) =>
    throws(() => completeProperties(type, properties, SURROUNDINGS), { errorNum, message }, type);
  refused("nope", {}, 9, /'nope'/);
  refused("toString", {}, 9, /'toString'/);
  refused("classification", { model_location: "/x" }, 9, /word embedding/);
  refused("text", {}, 10, /'locale'/);
  refused("text", { locale: "hi" }, 9, /no stemmer/);
  refused("text", { locale: "en", case: "title" }, 10, /'case'.*lower, upper, none/);
  refused("ngram", { min: 3, max: 2, preserveOriginal: false }, 10, /'max'/);
  refused("ngram", { min: 0, max: 2, preserveOriginal: false }, 10, /'min'/);
  refused("delimiter", { delimiter: 1 }, 10, /'delimiter'/);
  refused("multi_delimiter", { delimiters: ["a", "ab"] }, 10, /none begins with another/);
  refused("stopwords", { stopwords: ["xyz"], hex: true }, 10, /hexadecimal/);
  refused("pipeline", { pipeline: [] }, 10, /'pipeline'/);
  refused("pipeline", { pipeline: [{ type: "geojson" }] }, 10, /geo/);
  refused("pipeline", { pipeline: [{ type: "norm" }] }, 10, /'locale' of an analyzer of type 'norm'/);
  throws(() => completeFeatures(["offset"]), { errorNum: 10, message: /needs the feature 'frequency'/ });
  throws(() => completeFeatures(["speed"]), { errorNum: 10, message: /'speed'/ });
  throws(() => tokens("ngram", { min: 1, max: 1, preserveOriginal: false }, "ä"), { errorNum: 10, message: /UTF-8/ });
  throws(() => tokens("collation", { locale: "sv" }, "ä"), { errorNum: 9, message: /sort keys/ });
});

Deno.test("fields that were joined with a delimiter come apart again, quoted where they hold it", () => {
  const field = fc.string({ unit: fc.constantFrom("a", ",", '"', "ä", " ") });
  fc.assert(fc.property(fc.array(field, { minLength: 1 }), (fields) => {
    const text = fields.map((one) => `"${one.replaceAll('"', '""')}"`).join(",");
    deepEqual(tokens("delimiter", { delimiter: "," }, text), fields);
  }));
});

Deno.test("n-grams are the windows of a text in their order", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 4 }), (text, size) => {
    const characters = [...text];
    const windows = characters.map((_, i) => characters.slice(i, i + size)).filter((one) => one.length === size);
    const properties = { min: size, max: size, preserveOriginal: false, streamType: "utf8" };
    deepEqual(tokens("ngram", properties, text), windows.map((one) => one.join("")));
  }));
});

Deno.test("all segments of a text together are the text", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    deepEqual((tokens("segmentation", { break: "all", case: "none" }, text) as string[]).join(""), text);
  }));
});
