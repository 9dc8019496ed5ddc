/**
 * The prompt: what surrounds the commands of a user at a terminal.
 *
 * Source: `arangosh.md` §1.8, §2.1, §2.6.
 *
 * @module
 */
import { lateImport } from "../base/late_import.ts";
import type { Interrupts } from "../shell/interrupts.ts";
import { provideLoopChecks } from "../shell/loop_checks.ts";
import { nodeModule } from "../shell/node_module.ts";
import { loadLibrary } from "../shell/library.ts";
import type { QueryNames } from "../shell/query_completion.ts";
import { runRepl } from "../shell/repl.ts";
import { withoutEscapes } from "../shell/text_width.ts";
import type { Connection } from "../connection/connection.ts";
import type { Pager } from "../shell/host.ts";
import { SHELL_VERSION } from "../shell/shell_options.ts";
import { Audit } from "./audit.ts";
import { CommandReader } from "./commands.ts";
import { homeDirectory } from "./directories.ts";
import { greet, type Greeting, mismatchLines } from "./greeting.ts";
import { DENOSH_VERSION } from "./help.ts";
import { loadEmbedded } from "./lazy_modules.ts";
import type { Options } from "./options.ts";
import type { OpenedShell, ShellEnvironment } from "./run_shell.ts";

export { askTerminal } from "../shell/repl.ts";

/**
 * Runs the prompt until the user leaves.
 *
 * @returns the exit status
 */
export async function runInteractive(
  options: Options,
  world: ShellEnvironment,
  { shell, connection, pager, setOutput }: OpenedShell,
  interrupts: Interrupts,
): Promise<number> {
  const { write } = world;
  const auditFile = options.text("console.audit-file");
  using audit = auditFile ? new Audit(auditFile, world.complain) : undefined;
  if (audit) write(`${audit.message}\n`);
  const paged = new PagedOutput(pager, write);
  const output = (text: string): void => {
    interrupts.clear();
    audit?.output(text);
    paged.write(text);
  };
  setOutput(output);
  const home = homeDirectory(world.environment);
  const keepsHistory = options.flag("console.history", true) && home !== undefined;
  const database = options.text("server.database") ?? "_system";
  const greeting = greet(connection);
  const isFailed = greeting !== undefined && !greeting.isConnected;
  const quiet = options.flag("quiet", false);
  return await runRepl(shell, {
    quiet,
    prompt: options.text("console.prompt") ?? "%E@%d> ",
    colors: options.flag("console.colors", true) && !world.environment("NO_COLOR") && world.terminal().isTty,
    autoComplete: options.flag("console.auto-complete", true),
    ...(keepsHistory ? { history: `${home}/.denosh.history` } : {}),
    banner: () =>
      quiet
        ? mismatchLines(greeting?.version).map((line) => `${line}\n`).join("")
        : bannerText(connection, database, greeting, pager, keepsHistory),
    isFailed: () => isFailed,
    database: () => shell.database,
    write: output,
    writeTerminal: write,
    size: () => world.terminal(),
    onCommand: (prompt, command) => audit?.command(prompt, command),
    onEnd: () => {
      paged.end();
      audit?.output("");
    },
    interrupts,
    queryNames,
    reader: new CommandReader(),
    onReady: async () => {
      // while the user thinks of the first command
      const isEmbedded = connection.endpoint === "embedded";
      await Promise.all([interrupts.listen(), loadLibrary(), ...(isEmbedded ? [loadEmbedded()] : [])]);
      provideLoopChecks(shell);
    },
  });
}

async function queryNames(): Promise<QueryNames> {
  const address = new URL("./query_names.ts", import.meta.url);
  return (await lateImport<typeof import("./query_names.ts")>(address)).QUERY_NAMES;
}

function bannerText(
  { endpoint, username }: Connection,
  database: string,
  greeting: Greeting | undefined,
  pager: Pager,
  keepsHistory: boolean,
): string {
  const lines = [`denosh ${DENOSH_VERSION} (ArangoDB ${SHELL_VERSION} API, Deno ${Deno.version.deno})`, ""];
  if (pager.isOn) lines.push(`Using pager '${pager.command}' for output buffering.`);
  lines.push(
    keepsHistory
      ? "The history of commands is kept in ~/.denosh.history; --console.history false turns that off."
      : "The history of commands is not kept.",
    "",
  );
  const place = `database: '${database}', username: '${username}'`;
  if (endpoint === "embedded") {
    lines.push(`Connected to the embedded database, version: ${SHELL_VERSION} [SINGLE, server], ${place}`);
  } else if (greeting?.isConnected) {
    const version = greeting.version === undefined ? "" : `, version: ${greeting.version} ${greeting.role}`;
    lines.push(`Connected to ArangoDB '${endpoint}${version}, ${place}`);
  } else if (greeting) {
    lines.push(`Could not connect to endpoint '${endpoint}', ${place}`, `Error message: '${greeting.message}'`);
  }
  lines.push("");
  lines.push(...mismatchLines(greeting?.version));
  if (endpoint !== "none" && greeting?.isConnected !== false) {
    lines.push("Type 'tutorial' for a tutorial or 'help' to see common examples", "");
  }
  return `\n${lines.join("\n")}\n`;
}

/** Leads the output of a command through the pager, from where that was on. */
class PagedOutput {
  readonly #pager: Pager;
  readonly #write: (text: string) => void;
  #kept = "";

  constructor(pager: Pager, write: (text: string) => void) {
    this.#pager = pager;
    this.#write = write;
  }

  write(text: string): void {
    const isUsed = this.#pager.isOn && !["", "-", "stdout"].includes(this.#pager.command);
    // what comes after the pager was stopped comes after what it was given
    if (isUsed || this.#kept !== "") this.#kept += text;
    else this.#write(text);
  }

  /** The command has ended: shows what it has printed. */
  end(): void {
    const text = this.#kept;
    this.#kept = "";
    if (text.trim() === "") return this.#write(text);
    const { command } = this.#pager;
    const { spawnSync } = nodeModule<typeof import("node:child_process")>("node:child_process");
    const { error } = spawnSync("sh", ["-c", command], {
      input: withoutEscapes(text),
      stdio: ["pipe", "inherit", "inherit"],
    });
    if (error) this.#write(`cannot use the pager '${command}': ${error.message}\n${text}`);
  }
}
