/**
 * How long the program takes to start: `print(1)` beside `deno run` of an empty file (the aim: at most 3 times), and the first
 * prompt on a terminal (the aim: 250 ms).
 *
 * @module
 */
import { hasTerminals, Home, TerminalProgram } from "../tests/program.ts";

const main = new URL("../src/main.ts", import.meta.url).pathname;
const home = new Home();
const empty = home.file("empty.ts", "");
addEventListener("unload", () => home[Symbol.dispose]());

function run(...args: string[]): void {
  const { success } = new Deno.Command(Deno.execPath(), { args: ["run", "-A", ...args], stdout: "null" }).outputSync();
  if (!success) throw new Error(`${args.join(" ")} failed`);
}

Deno.bench("deno run of an empty file", { group: "script", baseline: true, n: 10 }, () => {
  run(empty);
});

Deno.bench("print(1)", { group: "script", n: 10 }, () => {
  run(main, "--database.directory", ":memory:", "--javascript.execute-string", "print(1)");
});

Deno.bench("a script that uses the database", { group: "script", n: 10 }, () => {
  run(main, "--database.directory", ":memory:", "--javascript.execute-string", "db._create('x').insert({})");
});

Deno.bench({
  name: "from the start to the prompt",
  group: "prompt",
  ignore: !hasTerminals(),
  n: 10,
  fn: async (bench) => {
    bench.start();
    await using program = new TerminalProgram(home, ["--database.directory", ":memory:"]);
    await program.see("_system> ");
    bench.end();
  },
});
