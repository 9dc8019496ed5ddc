import { equal } from "node:assert/strict";
import { asTyped, withLoopChecks } from "./loop_checks.ts";

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
      ["function f() { while (true) {} }", "function f() { while (!, true) {} }"],
      ["if (a) { while (b) c(); }", "if (a) { while (!, b) c(); }"],
      ["try { for (;a;b) {} } catch (e) { while (1); }", "try { for (;a;!, b) {} } catch (e) { while (!, 1); }"],
    ] as const
  ) equal(checked(text), expected);
});

Deno.test("texts, comments, members called while and short loops over lists stay as they were typed", () => {
  for (
    const text of [
      "'while (true)' + `for (;;)` // while (x)",
      "`outer ${f(`inner while (true)`)}`",
      "x.while(1); var o = { for: 1 }",
      "for (const x of list) print(x)",
    ]
  ) equal(checked(text), text);
});

Deno.test("an exception is shown where it was typed", () => {
  const text = withLoopChecks("while (true) { boom }");
  const place = { message: "", filename: "x", line: 1, column: text.indexOf("boom") + 1, source: text, length: 4 };
  const shown = asTyped({ ...place, stack: `E\n    at x:1:${place.column}\n    at y:1:99` }, "x", text);
  equal(shown.column, 16);
  equal(shown.source, "while (true) { boom }");
  equal(shown.stack, "E\n    at x:1:16\n    at y:1:99");
});
