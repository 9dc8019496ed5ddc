import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { LineEditor, type LineEditorOptions, type LineEvent } from "./line_editor.ts";

const LEFT = "\x1b[D";
const UP = "\x1b[A";

function editor(chunks: readonly string[], options: Partial<LineEditorOptions> = {}): [LineEditor, () => string] {
  let written = "";
  const left = [...chunks];
  const made = new LineEditor({
    write: (text) => {
      written += text;
    },
    read: () => Promise.resolve(left.shift()),
    size: () => ({ columns: 40, rows: 10 }),
    history: () => [],
    ...options,
  });
  return [made, () => written];
}

async function line(chunks: readonly string[], options: Partial<LineEditorOptions> = {}): Promise<LineEvent> {
  return await editor(chunks, options)[0].readLine("> ");
}

Deno.test("keys edit the line", async () => {
  for (
    const [keys, text] of [
      [`abc${LEFT}${LEFT}X`, "aXbc"],
      ["abc\x01X\x05Y", "XabcY"],
      ["one two three\x17", "one two "],
      ["one two\x1bb\x0b\x19\x19", "one twotwo"],
      [`a😀b${LEFT}\x7f`, "ab"],
      [`abc${LEFT}\x04`, "ab"],
      ["abc\x15d", "d"],
      ["\x1b[99~ab\x1b[1;5Dc", "cab"],
    ] as const
  ) {
    deepEqual(await line([`${keys}\r`]), { kind: "line", text }, JSON.stringify(keys));
  }
});

Deno.test("what is typed arrives as it was, however it is cut into pieces", async () => {
  const property = fc.asyncProperty(
    fc.array(fc.string({ unit: "grapheme" }).filter((text) => !/\p{Cc}/u.test(text)), { minLength: 1, maxLength: 5 }),
    fc.integer({ min: 1, max: 7 }),
    fc.constantFrom("\r", "\n", "\r\n"),
    async (lines, size, end) => {
      const typed = lines.map((text) => `${text}${end === "\r\n" ? "\r\n" : end}`).join("");
      const pieces = typed.match(new RegExp(String.raw`[\s\S]{1,${size}}`, "gu")) ?? [];
      const [made] = editor(pieces);
      for (const text of lines) deepEqual(await made.readLine("> "), { kind: "line", text });
      equal((await made.readLine("> ")).kind, "end");
    },
  );
  await fc.assert(property, { numRuns: 50 });
});

Deno.test("the history is walked and searched; what was being written comes back", async () => {
  const history = () => ["first one", "second", "third one"];
  deepEqual(await line([`draft${UP}${UP}\r`], { history }), { kind: "line", text: "second" });
  deepEqual(await line([`draft${UP}\x1b[B\r`], { history }), { kind: "line", text: "draft" });
  deepEqual(await line(["\x12one\r"], { history }), { kind: "line", text: "third one" });
  deepEqual(await line(["\x12one\x12\r"], { history }), { kind: "line", text: "first one" });
  deepEqual(await line(["mine\x12one\x07\r"], { history }), { kind: "line", text: "mine" });
});

Deno.test("Tab completes what is common, lists the rest, and is a character in a paste", async () => {
  const complete = (text: string, cursor: number) => {
    const word = /\w*$/.exec(text.slice(0, cursor))![0];
    return {
      start: cursor - word.length,
      texts: ["counting", "counted", "print()"].filter((one) => one.startsWith(word)),
    };
  };
  deepEqual(await line(["x.pr", "\t", ")\r"], { complete }), { kind: "line", text: "x.print()" });
  const [made, written] = editor(["cou", "\t", "i", "\t", "\r"], { complete });
  deepEqual(await made.readLine("> "), { kind: "line", text: "counting" });
  ok(written().includes("counting  counted"));
  deepEqual(await line(["\x1b[200~a\tb\x1b[201~\r"], { complete }), { kind: "line", text: "a\tb" });
});

Deno.test("Ctrl-C and Ctrl-D say what they leave behind", async () => {
  deepEqual(await line(["abc\x03"]), { kind: "interrupt", isEmpty: false });
  deepEqual(await line(["\x03"]), { kind: "interrupt", isEmpty: true });
  deepEqual(await line(["\x04"]), { kind: "end" });
});

Deno.test("a line is drawn anew from its first row, also when the terminal has become narrower", async () => {
  let columns = 40;
  const chunks = ["x".repeat(60), "y", "\r"];
  const [made, written] = editor([], {
    size: () => ({ columns, rows: 10 }),
    read: () => {
      if (chunks.length === 2) columns = 20;
      return Promise.resolve(chunks.shift());
    },
  });
  await made.readLine("> ");
  // 62 characters stand in two rows of 40 and, broken anew, in four of 20
  ok(written().includes("\r\x1b[3A\x1b[J> xxx"), JSON.stringify(written()));
});

Deno.test("Ctrl-Z stops the program, and the line is there again when it goes on", async () => {
  const seen: string[] = [];
  const [made, written] = editor(["ab\x1a", "c\r"], {
    suspend: () => {
      seen.push(written());
      return Promise.resolve();
    },
  });
  deepEqual(await made.readLine("> "), { kind: "line", text: "abc" });
  ok(seen.length === 1 && seen[0]!.endsWith("^Z\r\n"), JSON.stringify(seen));
  ok(written().slice(seen[0]!.length).startsWith("\r\x1b[J> ab"));
});
