/**
 * Replays recorded examples of ArangoDB's documentation in this process: a new shell on an empty database for each.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { runCommands } from "../src/cli/run_shell.ts";
import { Transcript } from "../src/cli/transcript.ts";
import { EmbeddedConnection } from "../src/connection/embedded.ts";
import { MEMORY } from "../src/engine/engine.ts";
import { runAction } from "../src/shell/run_action.ts";
import { ExitRequest } from "../src/shell/exit_request.ts";
import { Shell } from "../src/shell/shell.ts";

/** Where the recordings and the replay tool are, if they are there at all. */
export const CORPUS_DIRECTORY = new URL("../../shared/", import.meta.url);

/** The kinds of examples. */
export const KINDS = ["aql", "shell", "http"] as const;

/** One of {@linkcode KINDS}. */
export type Kind = typeof KINDS[number];

/** One recorded example, as far as a replay needs it. */
export interface Example {
  readonly id: string;
  readonly kind: Kind;
  readonly deployment: "single" | "cluster";
  readonly code: string;
  readonly output: string;
}

type Datasets = Readonly<Record<string, unknown>>;

/** What is used of the replay tool. */
interface ReplayTool {
  toStdin(example: Example, datasets: Datasets, created: readonly string[]): string;
  visible(output: string): string;
  canonical(output: string, endsAtError: boolean): string;
}

/** How many collections that an example takes for granted are made for it. */
const MAX_PRECREATED = 4;

/** The file with the ids of the examples that are known to agree. */
export function pinFile(kind: Kind): URL {
  return new URL(`corpus/${kind}.txt`, import.meta.url);
}

/** The ids of the examples that are known to agree. */
export function pinnedIds(kind: Kind): string[] {
  return readFileSync(pinFile(kind), "utf8").split("\n").filter((line) => line !== "");
}

/** The recordings. */
export class Corpus {
  /** All examples by id; ids are unique within a kind only. */
  readonly examples: readonly Example[];
  readonly #tool: ReplayTool;
  readonly #datasets: Datasets;

  constructor(tool: ReplayTool, examples: readonly Example[], datasets: Datasets) {
    this.#tool = tool;
    this.examples = examples;
    this.#datasets = datasets;
  }

  /** Reads the recordings. */
  static async load(): Promise<Corpus> {
    const at = (path: string): URL => new URL(path, CORPUS_DIRECTORY);
    const tool: ReplayTool = await import(at("tools/docs_examples.ts").href);
    const lines = readFileSync(at("corpus/docs-examples.jsonl"), "utf8").split("\n").filter((line) => line !== "");
    const examples = lines.map((line) => JSON.parse(line) as Example);
    return new Corpus(tool, examples, JSON.parse(readFileSync(at("corpus/docs-datasets.json"), "utf8")));
  }

  /** Whether an example prints here what it printed when it was recorded. */
  agrees(kind: Kind, id: string): boolean {
    const example = this.examples.find((one) => one.id === id && one.kind === kind);
    if (example === undefined) return false;
    const endsAtError = example.code.includes("xpError");
    const comparable = (output: string): string => this.#comparable(output, endsAtError);
    const expected = comparable(example.output);
    const created: string[] = [];
    for (;;) {
      const commands = this.#tool.toStdin(example, this.#datasets, created);
      const output = this.#tool.visible(kind === "http" ? replies(commands) : run(commands));
      if (comparable(output) === expected) return true;
      // recorded with collections that earlier pages had left behind
      const missing = /collection or view not found: ['"]?([\w-]+)/.exec(output)?.[1];
      const hopeless = missing === undefined || endsAtError || created.includes(missing);
      if (hopeless || created.length === MAX_PRECREATED) return false;
      created.push(missing);
    }
  }

  /** The lists of switched off rules that change the results of an `aql` example. */
  unequalRules(id: string): string[] {
    const example = this.examples.find((one) => one.id === id && one.kind === "aql")!;
    const commands = this.#tool.toStdin(example, this.#datasets, []).split("\n");
    const at = commands.findIndex((line) => line.startsWith("db._query("));
    const call = /^db\._query(\(.*\))\.toArray\(\)$/.exec(commands[at]!)![1]!;
    let found: string[] | undefined;
    const output = printed((shell) => {
      runCommands(shell, commands.slice(0, at).join("\n"));
      found = JSON.parse(shell.run(`${UNEQUAL} JSON.stringify(unequal${call})`) as string);
    });
    if (!found) throw new Error(output);
    return found;
  }

  /** The tool's form of an output, without what servers make up and the tool leaves: names of indexes, a last header. */
  #comparable(output: string, endsAtError: boolean): string {
    return this.#tool.canonical(`${output}\n`, endsAtError).replace(/\bidx_\d+\b/g, "<index>");
  }
}

/**
 * Defines `unequal()`: the lists of rules with which a query has other results than with all of them. Plans that are the same
 * are run once.
 */
const UNEQUAL = `
  var unequal = function (query, bindVars) {
    const names = arango.GET("/_api/query/rules").filter(({ flags }) => flags.canBeDisabled).map(({ name }) => name);
    const resultsWith = (rules) => {
      const cursor = db._query(query, bindVars, {}, { optimizer: { rules } });
      const rows = cursor.toArray().map((row) => JSON.stringify(row));
      return JSON.stringify(/\\bSORT\\b/.test(query) ? rows : rows.sort());
    };
    const expected = resultsWith([]);
    const plans = new Set();
    return [["-all"], ...names.map((name) => ["-" + name])].filter((rules) => {
      const { nodes } = db._createStatement({ query, bindVars, options: { optimizer: { rules } } }).explain().plan;
      const plan = JSON.stringify(nodes);
      if (plans.has(plan)) return false;
      plans.add(plan);
      return resultsWith(rules) !== expected;
    }).map(String);
  };
`;

/** What a shell on an empty database prints when `body` uses it. */
function printed(body: (shell: Shell) => void): string {
  let output = "";
  const transcript = new Transcript((text) => output += text);
  using connection = new EmbeddedConnection({ directory: MEMORY, runAction });
  using shell = new Shell({
    connection,
    output: (text) => transcript.write(text),
    endCommand: () => transcript.endCommand(),
    quiet: true,
    executionDeadline: 30,
  });
  try {
    body(shell);
  } catch (error) {
    if (!(error instanceof ExitRequest)) output += `\n${error}`;
  }
  return output;
}

/** What a shell prints when commands are piped into it: their values too. */
function run(commands: string): string {
  return printed((shell) => runCommands(shell, commands));
}

/** What recordings of the HTTP API take for granted, besides what the replay tool has; they show bodies as texts. */
const HTTP_PRELUDE = `
  var internal = require("internal");
  var printValue = print;
  print = function (value) { printValue(Buffer.isBuffer(value) ? value.toString() : value); };
  var curlRequest = function (method, url, body, headers) { return logCurlRequest(method, url, body, headers); };
`;

/**
 * What the requests of a script have logged. Such scripts were recorded as one text each, every answer between empty lines;
 * the tool prints the lack of a body as `undefined`.
 */
function replies(script: string): string {
  const output = printed((shell) => shell.run(HTTP_PRELUDE + script));
  return output.replace(/^HTTP \d+$/gm, "\n$&\n").replace(/^undefined$/gm, "");
}
