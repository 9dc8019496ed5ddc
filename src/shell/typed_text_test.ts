import { equal } from "node:assert/strict";
import { asyncForms, mayAwait, redeclarable } from "./typed_text.ts";

Deno.test("let, const and class of the outermost level may be declared again, and nothing else is touched", () => {
  for (
    const [text, expected] of [
      ["let a = 1; const b = 2", "var a = 1; var   b = 2"],
      ["const {a, b: [c]} = o", "var   {a, b: [c]} = o"],
      ["class A extends B {}\nclass C {}", "var A = class A extends B {}\nvar C = class C {}"],
      ["for (let i = 0; i < 2; i++) { let j; const k = 1; class L {} }", undefined],
      ["'let a'; `const b ${1}`; // let c\n/* let d */ f(/let e/)", undefined],
      ["let = 5; x.let = 1; o = { const: 1 }", undefined],
      ["function f() { let a }", undefined],
      ["f(); /* first */ let a", "f(); /* first */ var a"],
      ["x = 1\nlet y", "x = 1\nvar y"],
    ] as const
  ) {
    equal(redeclarable(text), expected ?? text);
  }
});

Deno.test("await is seen outside of strings and comments, and its text runs in an asynchronous function", async () => {
  equal(mayAwait("await f()"), true);
  equal(mayAwait("'await' // await"), false);
  const compiles = (text: string): boolean => {
    try {
      new Function(text);
      return true;
    } catch {
      return false;
    }
  };
  const run = async (text: string): Promise<unknown> => {
    const form = asyncForms(redeclarable(text)).find(compiles)!;
    return await (0, eval)(form);
  };
  equal(await run("await Promise.resolve(1)"), 1);
  equal(await run("const first = await Promise.resolve(2); first + 1"), 3);
  equal(await run("let { second } = await Promise.resolve({ second: 4 });"), undefined);
  const names = globalThis as unknown as Record<string, unknown>;
  equal(names.first, 2);
  equal(names.second, 4);
  delete names.first;
  delete names.second;
});
