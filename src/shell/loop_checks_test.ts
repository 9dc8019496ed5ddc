import { equal } from "node:assert/strict";
import { LoopChecks, withLoopChecks } from "./loop_checks.ts";

/** The text with `!` for each inserted call. */
function checked(text: string): string {
  return withLoopChecks(text).replace(/SYS_CHECK_INTERRUPTION\(\)/g, "!");
}

Deno.test("loops of all kinds ask whether they are to stop", () => {
  for (
    const [text, expected] of [
      ["while (true) {}", "while (!, true) {}"],
      ["do i++; while(i < 5)", "do i++; while(!, i < 5)"],
      ["for (;;);", "for (;;!);"],
      ["for (let i = 0; i < 5; i++) f(i)", "for (let i = 0; i < 5;!,  i++) f(i)"],
      ["for (const x of endless) { n++ }", "for (const x of endless) {!;  n++ }"],
      ["for (const x of list) print(x)", "for (const x of list) if(!);else print(x)"],
      ["if (a) for (k in o) if (b) c(); else d()", "if (a) for (k in o) if(!);else if (b) c(); else d()"],
      ["for await (const x of y) z()", "for await (const x of y) if(!);else z()"],
      ["`a ${`b ${c}`}`; while (x);", "`a ${`b ${c}`}`; while (!, x);"],
      ["() => /`/; while (x);", "() => /`/; while (!, x);"],
      ["function f() { while (true) {} }", "function f() { while (!, true) {} }"],
      ["if (a) { while (b) c(); }", "if (a) { while (!, b) c(); }"],
      ["try { for (;a;b) {} } catch (e) { while (1); }", "try { for (;a;!, b) {} } catch (e) { while (!, 1); }"],
    ] as const
  ) equal(checked(text), expected);
});

Deno.test("texts, comments and members called while stay as they were typed", () => {
  for (
    const text of [
      "'while (true)' + `for (;;)` // while (x)",
      "`outer ${f(`inner while (true)`)}`",
      "return /while (x)/",
      "x.while(1); var o = { for: 1 }",
    ]
  ) equal(checked(text), text);
});

Deno.test("an exception is shown where it was written, in each of the files of its stack", () => {
  const checks = new LoopChecks();
  const [x, y] = ["x", "y"].map((name) => checks.changed("while (true) { boom }", name));
  equal(x, y);
  const column = x!.indexOf("boom") + 1;
  const stack = checks.stackAsWritten(`\n    at x:1:${column}\n    at f (y:1:${column})\n    at z:1:99`);
  equal(stack, "\n    at x:1:16\n    at f (y:1:16)\n    at z:1:99");
  const shown = checks.asWritten({ message: "", filename: "x", line: 1, column, source: x!, length: 4, stack });
  equal(shown.column, 16);
  equal(shown.source, "while (true) { boom }");
  equal(shown.stack, stack);
});
