/**
 * Runs the tests of a checkout of arangojs, the official driver, against `denosh serve`.
 *
 *   deno run -A scripts/driver_suite.ts CHECKOUT [--version 31100,31200] [--only REGEX] [--verbose]
 *
 * The checkout needs its packages (`npm install --ignore-scripts`); versions from 6 on work. Its test files run one by one
 * under Node and mocha, each with a server of its own; a table tells what passed, was skipped and failed.
 *
 * @module
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { LeaderProcess } from "./leader_process.ts";
import { say } from "./terminal.ts";

/** Files of what denosh leaves out, with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  "22-foxx-api": "Foxx",
  "24-accessing-views": "views",
  "25-view-metadata": "views",
  "26-manipulating-views": "views",
  "99-load-balancing": "starts a cluster of ArangoDB",
};

interface MochaTest {
  readonly fullTitle: string;
  readonly err: { readonly message?: string };
}

interface MochaReport {
  readonly stats: { readonly passes: number; readonly pending: number; readonly failures: number };
  readonly failures: readonly MochaTest[];
  readonly pending: readonly MochaTest[];
}

interface Row {
  readonly file: string;
  readonly version: string;
  readonly passed: number;
  readonly skipped: readonly string[];
  readonly failed: readonly string[];
}

/** How long a test, and a test file, may take, in milliseconds: arangojs's own 10 seconds are little on a busy machine. */
const TEST_TIMEOUT = 60_000;
const FILE_TIMEOUT = 600_000;

async function run(command: string, args: readonly string[], cwd: string, env: Record<string, string>) {
  const signal = AbortSignal.timeout(FILE_TIMEOUT);
  const process = new Deno.Command(command, { args: [...args], cwd, env, signal, stdout: "piped", stderr: "piped" });
  const { stdout, stderr } = await process.output();
  const decoder = new TextDecoder();
  return { stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/**
 * The test files as JavaScript: mocha's workers read no TypeScript.
 *
 * @returns Their directory in the checkout.
 */
async function build(checkout: string): Promise<string> {
  // versions before 9 have one configuration, which is for CommonJS
  const hasModules = [...Deno.readDirSync(checkout)].some(({ name }) => name === "tsconfig.esm.json");
  const options = hasModules ? ["-p", "tsconfig.esm.json"] : ["-p", ".", "--outDir", "build", "--target", "es2018"];
  // type errors do not keep the compiler from writing; what it does not write is missed at once
  await run("node", ["node_modules/typescript/bin/tsc", ...options], checkout, {});
  return hasModules ? "build/esm/test" : "build/test";
}

/** What mocha's JSON reporter has printed, after what the tests print. */
function reportIn(stdout: string): MochaReport {
  const start = stdout.indexOf('{\n  "stats"');
  if (start === -1) throw new Error("mocha has printed no report");
  return JSON.parse(stdout.slice(start)) as MochaReport;
}

async function runFile(checkout: string, directoryOfTests: string, file: string, version: string): Promise<Row> {
  const directory = Deno.makeTempDirSync({ prefix: "driver_suite_" });
  try {
    await using server = await LeaderProcess.start(join(directory, "data"));
    const args = ["node_modules/.bin/mocha", "--exit", "--timeout", `${TEST_TIMEOUT}`, "--reporter", "json"];
    args.push(`${directoryOfTests}/${file}.js`);
    const env = { TEST_ARANGODB_URL: server.url, ARANGO_VERSION: version, ARANGO_RELEASE: "" };
    const { stdout, stderr } = await run("node", args, checkout, env);
    let report: MochaReport;
    try {
      report = reportIn(stdout);
    } catch (cause) {
      throw new Error(`${file} did not run, or took too long: ${stderr}`, { cause });
    }
    const { stats, failures, pending } = report;
    return {
      file,
      version,
      passed: stats.passes,
      skipped: pending.map(({ fullTitle }) => fullTitle),
      failed: failures.map(({ fullTitle, err }) => `${fullTitle}: ${err.message}`),
    };
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

function table(rows: readonly Row[]): string {
  const lines = ["| file | version | passed | skipped | failed |", "| --- | --- | --- | --- | --- |"];
  for (const { file, version, passed, skipped, failed } of rows) {
    lines.push(`| ${file} | ${version} | ${passed} | ${skipped.length} | ${failed.length} |`);
  }
  return lines.join("\n");
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: {
      version: { type: "string", default: "31100,31200" },
      only: { type: "string", default: "" },
      verbose: { type: "boolean", default: false },
    },
  });
  const checkout = positionals[0];
  if (checkout === undefined) {
    say("name the directory of a checkout of arangojs with its packages installed");
    return 2;
  }
  const directory = await build(checkout);
  const only = new RegExp(values.only);
  const files = [...Deno.readDirSync(`${checkout}/src/test`)].map(({ name }) => name)
    .filter((name) => /^\d.*\.ts$/.test(name)).map((name) => name.replace(/\.ts$/, "")).sort();
  const rows: Row[] = [];
  for (const version of values.version.split(",")) {
    for (const file of files.filter((one) => only.test(one) && (values.only !== "" || !(one in LEFT_OUT)))) {
      const row = await runFile(checkout, directory, file, version);
      rows.push(row);
      say(`${version} ${file}: ${row.passed} passed, ${row.skipped.length} skipped, ${row.failed.length} failed`);
      for (const failure of row.failed) say(`  ${failure}`);
      if (values.verbose) { for (const one of row.skipped) say(`  skipped: ${one}`); }
    }
  }
  say(`\n${table(rows)}\n`);
  for (const [file, reason] of Object.entries(LEFT_OUT)) say(`left out: ${file} (${reason})`);
  return rows.some(({ failed }) => failed.length > 0) ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main());
