/** @module */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { likeMatch, regexTest } from "./patterns.ts";
import { call } from "./test_context.ts";

function matches(text: string, pattern: string, ignoreCase = false): boolean | undefined {
  return regexTest(text, pattern, ignoreCase);
}

Deno.test("patterns that JavaScript writes otherwise match as in ICU", () => {
  const rows: [text: string, pattern: string, found: boolean][] = [
    ["aaa", "a++a", false],
    ["aaab", "a++b", true],
    ["aaa", "a*+", true],
    ["aab", "(?>a+)ab", false],
    ["FOO", "(?i)foo", true],
    ["xfoo", "x(?i:FOO)", true],
    ["XFOO", "x(?i:foo)", false],
    ["bar", "x(?i)foo|BAR", true],
    ["x", "x(?i)foo|BAR", false],
    ["a.b", "^\\Qa.b\\E$", true],
    ["axb", "^\\Qa.b\\E$", false],
    ["é", "^[[:alpha:]]$", true],
    ["1", "^[[:^alpha:]]$", true],
    ["e", "^[a-z&&[^aeiou]]$", false],
    ["f", "^[a-z&&[^aeiou]]$", true],
    ["a", "^[a-z--[aeiou]]$", false],
    ["7", "^[[a-z][0-9]]$", true],
    ["ü", "^\\w$", true],
    ["٣", "^\\d$", true],
    [" \t", "^\\h+$", true],
    ["a\nb", "^a\\Rb$", true],
    ["ab", "\\Aab\\z", true],
    ["über uns", "\\büber\\b", true],
    ["Ω", "\\p{Greek}", true],
    ["Ω", "\\p{greek}", true],
    ["A", "\\pL", true],
    ["A", "\\P{L}", false],
    ["a\nb", "a.b", false],
    ["a\nb", "(?s)a.b", true],
    ["a\nb", "(?m)^b$", true],
    ["a\nb", "^b$", false],
    ["ab", "(?x) a  b # both", true],
    ["]}", "^]}$", true],
    ["-", "^[-a]$", true],
    ["a&b", "^[a&b]+$", true],
    ["a/b@c", "a\\/b\\@c", true],
    ["🥑", "^.$", true],
    ["🥑", "\\x{1F951}", true],
    ["\u001b", "\\e", true],
    ["abab", "^(ab)\\1$", true],
    ["abab", "^(?<twice>ab)\\k<twice>$", true],
    ["aabb", "^(?>a+)(b)\\1$", true],
    ["ac", "a(?#note)c", true],
  ];
  for (const [text, pattern, found] of rows) strictEqual(matches(text, pattern), found, `${pattern} on ${text}`);
});

Deno.test("invalid patterns are told apart from patterns without a match", () => {
  const deep = ["(", "["].map((open) => open.repeat(100_000));
  for (
    const pattern of [...deep, "[a", "(a", "a)", "*a", "\\", "a{2,1}", "(?<n>a)\\k<m>", "\\2(a)", "[z-a]", "(?!", "\\q"]
  ) {
    strictEqual(matches("a", pattern), undefined, pattern.slice(0, 20));
  }
});

Deno.test("the letter case counts unless the caller says otherwise", () => {
  strictEqual(matches("ÄPFEL", "äpfel"), false);
  strictEqual(matches("ÄPFEL", "äpfel", true), true);
});

Deno.test("a quoted text matches itself, whatever it holds", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    fc.pre(!text.includes("\\E"));
    strictEqual(matches(text, `^\\Q${text}\\E$`), true);
  }));
});

Deno.test("no pattern makes the translation fail with anything but an invalid pattern", () => {
  const piece = fc.constantFrom(
    ..."()[]{}?*+|^$.\\-&:=!<>abAzZxQEdDwWpPukR01,# ",
    "(?",
    "[[:",
    "\\p{",
    "(?<n>",
    "(?i)",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const found = matches("ab a", pieces.join(""));
      strictEqual(found === undefined || typeof found === "boolean", true);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("LIKE agrees with a plain reading of its pattern", () => {
  function plain(text: readonly string[], pattern: readonly string[]): boolean {
    const [first, ...rest] = pattern;
    if (first === undefined) return text.length === 0;
    if (first === "%") return plain(text, rest) || (text.length > 0 && plain(text.slice(1), pattern));
    return text.length > 0 && (first === "_" || first === text[0]) && plain(text.slice(1), rest);
  }
  const letter = fc.constantFrom("a", "b", ".", "\n", "(", "🥑");
  const text = fc.array(letter, { maxLength: 6 });
  const pattern = fc.array(fc.oneof(letter, fc.constantFrom("%", "_")), { maxLength: 6 });
  fc.assert(
    fc.property(text, pattern, (t, p) => {
      strictEqual(likeMatch(t.join(""), p.join(""), false), plain(t, p));
    }),
    { numRuns: 3000 },
  );
});

Deno.test("LIKE escapes its wild cards and keeps other backslashes", () => {
  strictEqual(likeMatch("a%", "a\\%", false), true);
  strictEqual(likeMatch("ab", "a\\%", false), false);
  strictEqual(likeMatch("a_", "a\\_", false), true);
  strictEqual(likeMatch("a\\", "a\\\\", false), true);
  strictEqual(likeMatch("a\\b", "a\\b", false), true);
  strictEqual(likeMatch("A", "a", true), true);
});

Deno.test("replacements know groups by number and name, and escapes", () => {
  deepStrictEqual(call("REGEX_REPLACE", ["2024-05", "(?<y>\\d{4})-(?<m>\\d\\d)", "${m}/${y}"]).value, "05/2024");
  deepStrictEqual(call("REGEX_REPLACE", ["ab", "(a)(b)", "$2\\$1$10"]).value, "b$1a0");
  deepStrictEqual(call("REGEX_REPLACE", ["aab", "(?>a+)(b)", "[$1]"]).value, "[b]");
  deepStrictEqual(call("REGEX_REPLACE", ["a", "a", "$"]).warnings, [1543]);
});

Deno.test("patterns keep no state between calls", () => {
  for (let i = 0; i < 3; i++) {
    strictEqual(matches("xa", "a"), true);
    deepStrictEqual(call("REGEX_MATCHES", ["xa", "a"]).value, ["a"]);
    deepStrictEqual(call("REGEX_REPLACE", ["xaa", "a", "b"]).value, "xbb");
  }
});
