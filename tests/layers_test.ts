import { deepStrictEqual as deepEqual, ok } from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";

const ROOT = new URL("../", import.meta.url);

/** One row of the table in ARCHITECTURE.md. */
interface Layer {
  /** Folders end with a slash. */
  readonly paths: readonly string[];
  /** Names of folders of `src`; undefined for everything below. */
  readonly mayImport: readonly string[] | undefined;
}

/** An import of a source file. */
interface Import {
  /** What is imported: a path from the root of the repository, or a name such as `node:fs`. */
  readonly target: string;
  readonly isType: boolean;
}

const STATEMENT = /^(import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm;
const EXPRESSION = /\bimport\(\s*"([^"]+)"|\bnew URL\("(\.[^"]+)",\s*import\.meta\.url/g;

function codeText(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

function imports(path: string): Import[] {
  const text = codeText(readFileSync(new URL(path, ROOT), "utf8"));
  const found = [
    ...[...text.matchAll(STATEMENT)].map(([, , type, name]) => ({ name: name!, isType: type !== undefined })),
    ...[...text.matchAll(EXPRESSION)].map(([, dynamic, file]) => ({ name: (dynamic ?? file)!, isType: false })),
  ];
  return found.map(({ name, isType }) => {
    const target = name.startsWith(".") ? new URL(name, new URL(path, ROOT)).href.slice(ROOT.href.length) : name;
    return { target, isType };
  });
}

/** All source files; tests may import what they like. */
function sources(): string[] {
  const files = readdirSync(new URL("src", ROOT), { recursive: true, encoding: "utf8" });
  const found = files.map((file) => `src/${file.replaceAll("\\", "/")}`);
  const all = existsSync(new URL("mod.ts", ROOT)) ? ["mod.ts", ...found] : found;
  return all.filter((file) => file.endsWith(".ts") && !file.includes("_test") && !file.endsWith("/testing.ts")).sort();
}

function layers(): Layer[] {
  const text = readFileSync(new URL("ARCHITECTURE.md", ROOT), "utf8");
  const rows = text.split("\n").filter((line) => /^\| `(mod\.ts|src\/)/.test(line));
  return rows.map((row) => {
    const [, folder = "", , may = ""] = row.split("|");
    const names = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
    return { paths: names(folder), mayImport: may.trim() === "all below" ? undefined : names(may) };
  });
}

function layerOf(path: string, all: readonly Layer[]): number {
  return all.findIndex(({ paths }) => paths.some((one) => one.endsWith("/") ? path.startsWith(one) : path === one));
}

Deno.test("the table of layers is complete, and its rows name rows further down only", () => {
  const all = layers();
  ok(all.length > 5);
  const folders = readdirSync(new URL("src", ROOT), { withFileTypes: true }).filter((one) => one.isDirectory());
  for (const { name } of folders) {
    ok(layerOf(`src/${name}/x.ts`, all) >= 0, `ARCHITECTURE.md has no row for src/${name}`);
  }
  for (const [i, { paths, mayImport }] of all.entries()) {
    for (const name of mayImport ?? []) {
      ok(layerOf(`src/${name}/x.ts`, all) > i, `${paths.join()} may not import ${name}, which is not below it`);
    }
  }
});

Deno.test("imports go where the table of layers allows, and nowhere else", () => {
  const all = layers();
  const wrong: string[] = [];
  let seen = 0;
  for (const path of sources()) {
    const from = layerOf(path, all);
    const layer = all[from];
    if (!layer) {
      wrong.push(`${path} belongs to no layer`);
      continue;
    }
    const { mayImport } = layer;
    for (const { target } of imports(path)) {
      const to = layerOf(target, all);
      if (!/^(src\/|mod\.ts$)/.test(target) || to === from) continue;
      seen++;
      const folder = target.split("/")[1] ?? "";
      if (mayImport ? !mayImport.includes(folder) : to < from) wrong.push(`${path} imports ${target}`);
    }
  }
  ok(seen > 50, "imports are found at all");
  deepEqual(wrong, []);
});

Deno.test("only the storage layer knows node:sqlite", () => {
  const users = sources().filter((path) => imports(path).some(({ target }) => target === "node:sqlite"));
  ok(users.length > 0);
  deepEqual(users.filter((path) => !path.startsWith("src/storage/")), []);
});

Deno.test("realm modules import types only: their functions are evaluated as text, in another realm", () => {
  const modules = sources().filter((path) => path.startsWith("src/shell/modules/") && !path.endsWith("/mod.ts"));
  ok(modules.length > 20);
  const wrong = modules.flatMap((path) =>
    imports(path).filter(({ isType }) => !isType).map(({ target }) => `${path} imports ${target}`)
  );
  deepEqual(wrong, []);
});

Deno.test("every path that an import names is a file", () => {
  const missing = sources().flatMap((path) =>
    imports(path).filter(({ target }) => target.startsWith("src/") && !existsSync(new URL(target, ROOT)))
      .map(({ target }) => `${path} imports ${target}`)
  );
  deepEqual(missing, []);
});
