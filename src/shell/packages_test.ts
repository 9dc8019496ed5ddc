import assert from "node:assert/strict";
import { fakeShell } from "./fake_connection.ts";
import { BUNDLED_NAMES } from "./packages.ts";
import { BUNDLED } from "./packages_worker.ts";

/** What a script evaluates to, as JSON. */
function value(script: string): unknown {
  const { shell } = fakeShell();
  return JSON.parse(shell.run(`JSON.stringify((function () { ${script} })())`) as string);
}

Deno.test("the worker's rows and the names that scripts may require are the same", () => {
  assert.deepEqual([...BUNDLED_NAMES].sort(), Object.keys(BUNDLED).sort());
});

Deno.test("every bundled package loads in a script", async (t) => {
  const { shell } = fakeShell();
  for (const name of BUNDLED_NAMES) {
    await t.step(name, () => {
      const kind = typeof shell.run(`require(${JSON.stringify(name)})`);
      assert.ok(kind === "object" || kind === "function", kind);
    });
  }
});

const RESULTS: [script: string, result: unknown][] = [
  ["return require('lodash').chunk([1, 2, 3], 2)", [[1, 2], [3]]],
  ["return require('underscore').pluck([{ a: 1 }, { a: 2 }], 'a')", [1, 2]],
  ["return require('lodash').isPlainObject(JSON.parse('{}')) && require('lodash/fp').isArray([])", true],
  ["return require('chai').version", "3.5.0"],
  [
    "try { require('chai').expect([1]).to.eql([2]); } catch (e) { return [e instanceof Error, e.message]; }",
    [true, "expected [ 1 ] to deeply equal [ 2 ]"],
  ],
  ["return require('joi').validate({ a: '1' }, { a: require('joi').number() }).value", { a: 1 }],
  ["return require('semver').satisfies('3.12.5', '>=3.11')", true],
  ["return require('js-yaml').safeLoad('a: [1, x]')", { a: [1, "x"] }],
  ["return require('aqb').for('x').in('y').return('x').toAQL()", "FOR x IN y RETURN x"],
  ["return [require('ms')('2 days'), require('minimatch')('a.js', '*.js'), require('qs').parse('a[b]=1')]", [
    172800000,
    true,
    { a: { b: "1" } },
  ]],
];

for (const [script, result] of RESULTS) {
  Deno.test(`bundled package: ${script}`, () => assert.deepEqual(value(script), result));
}

Deno.test("a package that arangosh does not bundle is not found, even if the program uses it", () => {
  assert.throws(
    () => fakeShell().shell.run(`require("arangojs")`),
    (error: { errorNum?: number }) => error.errorNum === 3100,
  );
});
