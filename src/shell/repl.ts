/**
 * The interactive shell on a terminal.
 *
 * Source: `arangosh.md` §2.
 *
 * @module
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { createInterface, type Interface } from "node:readline";
import { ExitRequest, type Shell } from "./shell.ts";

/** What the REPL needs to know. */
export interface ReplOptions {
  readonly quiet: boolean;
  /** The prompt with its placeholders. */
  readonly prompt: string;
  readonly colors: boolean;
  /** The history file; absent for none. */
  readonly history?: string;
  /** What is connected to, for the banner and the prompt. */
  readonly endpoint: string;
  readonly username: string;
  /** The name of the current database. */
  readonly database: () => string;
  readonly version: string;
  readonly write: (text: string) => void;
  /** Cuts lines into commands. */
  readonly reader: {
    readonly isOpen: boolean;
    take(line: string, prompt: string): string | undefined;
    reset(): string;
  };
}

/** Commands of which the history keeps nothing. */
const UNREMEMBERED = /^\s*(?:exit|quit)?;?\s*$|passw(?:or)?d|jwt|secret|token/i;
const HISTORY_LENGTH = 1000;

/**
 * Reads commands from the terminal until the user leaves.
 *
 * @returns the exit status: 1 when the last command failed
 */
export function runRepl(shell: Shell, options: ReplOptions): Promise<number> {
  const { write, reader, quiet } = options;
  if (!quiet) {
    write(`\ndenosh (ArangoDB ${options.version} API)\n\n`);
    write(
      `Connected to ArangoDB '${options.endpoint}', version: ${options.version}, database: '${options.database()}', username: '${options.username}'\n\n`,
    );
    write("Type 'tutorial' for a tutorial or 'help' to see common examples\n\n");
  }
  const terminal = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: true,
    history: loadHistory(options.history),
    historySize: HISTORY_LENGTH,
    removeHistoryDuplicates: true,
    completer: (line: string): [string[], string] => {
      const word = /[\w$.]*$/.exec(line)![0];
      return [word === "" ? [] : shell.complete(word), word];
    },
  });
  let failed = false;
  const plain = (): string => promptText(options);
  const ask = (): void => {
    const text = reader.isOpen ? "...> " : plain();
    terminal.setPrompt(options.colors && !reader.isOpen ? `\x1b[1;${failed ? 31 : 32}m${text}\x1b[0m` : text);
    terminal.prompt();
  };
  return new Promise((resolve, reject) => {
    let left = false;
    const leave = (status: number): void => {
      if (left) return;
      left = true;
      terminal.close();
      resolve(status);
    };
    const run = (command: string): void => {
      if (command.trim() === "") {
        failed = false;
        return;
      }
      remember(options.history, command);
      try {
        failed = !shell.evaluate(command).ok;
      } catch (error) {
        if (error instanceof ExitRequest) return leave(error.code);
        left = true;
        terminal.close();
        reject(error);
      }
    };
    terminal.on("line", (line: string) => {
      const command = reader.take(line, plain());
      if (command !== undefined) run(command);
      if (!left) ask();
    });
    terminal.on("SIGINT", () => {
      const abandoned = reader.reset() !== "" || (terminal as Interface & { line: string }).line !== "";
      write("\n");
      if (!abandoned) return leave(failed ? 1 : 0);
      terminal.write(null, { ctrl: true, name: "u" });
      ask();
    });
    terminal.on("close", () => {
      if (!left && !quiet) write("\n");
      leave(failed ? 1 : 0);
    });
    ask();
  });
}

function promptText({ prompt, endpoint, username, database }: ReplOptions): string {
  const short = endpoint.replace(/^(?:http\+)?(?:tcp|unix):\/\/|^ssl:\/\//, "");
  const values: Record<string, () => string> = {
    "%": () => "%",
    d: database,
    e: () => endpoint,
    E: () => short,
    u: () => username,
    t: () => (Date.now() / 1000).toFixed(6),
    a: () => (performance.now() / 1000).toFixed(6),
  };
  return prompt.replace(/%(.)/g, (_all, code: string) => values[code]?.() ?? "");
}

function loadHistory(path: string | undefined): string[] {
  if (path === undefined || !existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").filter((line) => line !== "");
  // a command of several lines is one entry
  return lines.slice(-HISTORY_LENGTH).map((line) => line.replaceAll("\u2028", "\n")).reverse();
}

function remember(path: string | undefined, command: string): void {
  if (path !== undefined && !UNREMEMBERED.test(command)) {
    appendFileSync(path, `${command.replaceAll("\n", "\u2028")}\n`, { mode: 0o600 });
  }
}
