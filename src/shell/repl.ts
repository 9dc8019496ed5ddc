/**
 * The interactive shell on a terminal.
 *
 * Source: `arangosh.md` §2.
 *
 * @module
 */
import { commandHint } from "./command_hints.ts";
import { History } from "./history.ts";
import { highlighted } from "./highlight.ts";
import type { Interrupts } from "./interrupts.ts";
import { moduleNames } from "./library.ts";
import { LineEditor, type Proposals } from "./line_editor.ts";
import { queryBefore, type QueryNames, queryProposals } from "./query_completion.ts";
import { isExit } from "./exit_request.ts";
import type { Shell } from "./shell.ts";
import { asyncForms, mayAwait, redeclarable } from "./typed_text.ts";
import { withoutTypes } from "./typescript.ts";

/** What the REPL needs to know. */
export interface ReplOptions {
  /** Whether there is no farewell. */
  readonly quiet: boolean;
  /** The prompt with its placeholders. */
  readonly prompt: string;
  readonly colors: boolean;
  /** Whether Tab completes. */
  readonly autoComplete: boolean;
  /** The history file; absent for none. */
  readonly history?: string;
  /** What is said about the connection, the version and the history before the first prompt. */
  readonly banner: () => string;
  /** Whether the banner tells of a connection that is not there. */
  readonly isFailed: () => boolean;
  /** The name of the current database. */
  readonly database: () => string;
  /** Takes what is printed. */
  readonly write: (text: string) => void;
  /** Takes what only the terminal gets: the line that is being typed. */
  readonly writeTerminal: (text: string) => void;
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** Told of every command, before it runs, and when it has ended. */
  readonly onCommand: (prompt: string, command: string) => void;
  readonly onEnd: () => void;
  readonly interrupts: Interrupts;
  /** What queries may consist of. */
  readonly queryNames: () => Promise<QueryNames>;
  /** Cuts lines into commands. */
  readonly reader: {
    readonly isOpen: boolean;
    takeAll(text: string, prompt: string, compile: (text: string) => void): Iterable<string>;
    reset(): string;
  };
  /** Called once when the first prompt is there; what it starts has to be there before the first command runs. */
  readonly onReady: () => Promise<void>;
}

const FAREWELL = "\nBye! Tschüss! Au revoir! ¡Adiós! さようなら 再见\nDo widzenia! Vi ses! До свидания! Ciao!\n";
/** Milliseconds between two looks at a promise that the prompt waits for. */
const AWAIT_INTERVAL = 5;
/** Milliseconds until a signal has stopped the program for certain. */
const TIME_TO_STOP = 100;
/** Switches the terminal to marking what is pasted. */
const MARK_PASTES = "\x1b[?2004h";
const MARK_NO_PASTES = "\x1b[?2004l";

/**
 * Reads commands from the terminal until the user leaves.
 *
 * @returns the exit status: 1 when the last command failed
 */
export async function runRepl(shell: Shell, options: ReplOptions): Promise<number> {
  const repl = new Repl(shell, options);
  setRaw("line");
  options.writeTerminal(MARK_PASTES);
  try {
    return await repl.run();
  } catch (error) {
    if (isExit(error)) return error.code;
    throw error;
  } finally {
    options.writeTerminal(MARK_NO_PASTES);
    setRaw("off");
  }
}

/** `line`: every key arrives as it is; `command`: Ctrl-C is a signal; `off`: as the terminal was. */
function setRaw(mode: "line" | "command" | "off"): void {
  if (!Deno.stdin.isTerminal()) return;
  if (mode === "command") {
    // only the whole way back makes Deno set the terminal anew
    Deno.stdin.setRaw(false);
    Deno.stdin.setRaw(true, { cbreak: true });
  } else {
    Deno.stdin.setRaw(false);
    if (mode === "line") Deno.stdin.setRaw(true);
  }
}

/** Reads a line from the terminal in its usual mode, for scripts that ask questions while a command runs. */
export function askTerminal(): string {
  setRaw("off");
  try {
    return prompt("") ?? "";
  } finally {
    setRaw("command");
  }
}

class Repl {
  readonly #shell: Shell;
  readonly #options: ReplOptions;
  readonly #history: History;
  readonly #editor: LineEditor;
  #hasFailed: boolean;
  #isTimed = false;
  /** Seconds that the last command took. */
  #duration = 0;
  /** Whether Ctrl-C was the last key at an empty prompt. */
  #wantsToLeave = false;
  /** Settled when commands may run. */
  #ready: Promise<void> | undefined;

  constructor(shell: Shell, options: ReplOptions) {
    this.#shell = shell;
    this.#options = options;
    this.#history = new History(options.history);
    this.#hasFailed = options.isFailed();
    const decoder = new TextDecoder();
    const bytes = new Uint8Array(65536);
    this.#editor = new LineEditor({
      write: options.writeTerminal,
      read: async () => {
        const count = await Deno.stdin.read(bytes);
        return count === null ? undefined : decoder.decode(bytes.subarray(0, count), { stream: true });
      },
      size: options.size,
      history: () => this.#history.entries,
      ...(options.colors ? { highlight: highlighted } : {}),
      ...(Deno.build.os === "windows" ? {} : { suspend: () => this.#suspend() }),
      ...(options.autoComplete ? { complete: (line: string, cursor: number) => this.#complete(line, cursor) } : {}),
    });
  }

  async run(): Promise<number> {
    const { reader, write, quiet, banner } = this.#options;
    write(banner());
    this.#hasFailed = this.#options.isFailed();
    for (;;) {
      const plain = this.#prompt();
      const reading = this.#editor.readLine(reader.isOpen ? "...> " : this.#coloured(plain));
      this.#ready ??= this.#options.onReady();
      const event = await reading;
      if (event.kind === "line") {
        this.#wantsToLeave = false;
        await this.#ready;
        for (const command of reader.takeAll(event.text, plain, (text) => this.#shell.checkText(text))) {
          this.#editor.flush();
          await this.#run(plain, command);
        }
        continue;
      }
      if (reader.isOpen) {
        // what was gathered is thrown away
        reader.reset();
        this.#hasFailed = false;
        this.#editor.flush();
        if (event.kind === "end") this.#options.writeTerminal("\n");
        continue;
      }
      if (event.kind === "end" || (event.isEmpty && this.#wantsToLeave)) break;
      this.#wantsToLeave = event.isEmpty;
      this.#hasFailed = false;
    }
    this.#editor.flush();
    if (!quiet) write(FAREWELL);
    else this.#options.writeTerminal("\n");
    return this.#hasFailed ? 1 : 0;
  }

  /** Stops the program and what has started it, as the terminal does for Ctrl-Z, and goes on when the user's shell says so. */
  async #suspend(): Promise<void> {
    this.#options.writeTerminal(MARK_NO_PASTES);
    setRaw("off");
    Deno.kill(0, "SIGTSTP");
    // the signal takes its time; timers stand still with the program
    await new Promise((resolve) => setTimeout(resolve, TIME_TO_STOP));
    setRaw("line");
    this.#options.writeTerminal(MARK_PASTES);
  }

  async #run(prompt: string, command: string): Promise<void> {
    if (command.trim() === "") {
      this.#hasFailed = false;
      this.#duration = 0;
      return;
    }
    const { interrupts, onCommand, onEnd, write } = this.#options;
    onCommand(prompt, command);
    const problem = this.#history.add(command);
    if (problem !== undefined) write(`${problem}\n\n`);
    if (this.#switchTiming(command)) return onEnd();
    const start = performance.now();
    setRaw("command");
    interrupts.begin();
    try {
      this.#hasFailed = !await this.#evaluate(command);
      if (this.#hasFailed && !interrupts.isInterrupted) this.#hint(command);
    } finally {
      if (interrupts.isInterrupted) this.#shell.connection.stopWork?.();
      interrupts.end();
      this.#duration = (performance.now() - start) / 1000;
      if (this.#isTimed) write(`${this.#duration.toFixed(6)} s\n\n`);
      // a pager may run meanwhile, which wants Ctrl-C for itself
      onEnd();
      setRaw("line");
    }
  }

  /** Says what a command that failed may have been meant to be. */
  #hint(command: string): void {
    const names = () => this.#shell.texts("db._collections().map(c => c.name())");
    const hint = commandHint(command, names);
    if (hint !== undefined) this.#options.write(`${hint}\n\n`);
  }

  async #evaluate(command: string): Promise<boolean> {
    const text = redeclarable(this.#untyped(command));
    if (mayAwait(text) && !this.#compiles(text)) {
      const form = asyncForms(text).find((one) => this.#compiles(one));
      if (form !== undefined) return await this.#awaitValue(form);
    }
    return this.#shell.evaluate(text).ok;
  }

  /** A command in TypeScript as JavaScript; any other as it is. */
  #untyped(command: string): string {
    if (this.#compiles(command)) return command;
    try {
      return withoutTypes(command);
    } catch {
      // it is wrong in both languages, which is told when it is evaluated
      return command;
    }
  }

  #compiles(text: string): boolean {
    try {
      this.#shell.checkText(text);
      return true;
    } catch {
      // what is wrong is told when the text is evaluated
      return false;
    }
  }

  /** Evaluates a call of an asynchronous function and what becomes of its promise. */
  async #awaitValue(form: string): Promise<boolean> {
    const { interrupts } = this.#options;
    const settled = this.#shell.startPromise(form);
    while (!settled.isSettled && !interrupts.isInterrupted) {
      await new Promise((resolve) => setTimeout(resolve, AWAIT_INTERVAL));
      // callbacks of the realm's promises run with the end of a script
      this.#shell.run("0");
    }
    return this.#shell.conclude(settled).ok;
  }

  /** Understands `timing`, `timing on` and `timing off`. */
  #switchTiming(command: string): boolean {
    const found = /^\s*timing(?:\s+(on|off))?;?\s*$/.exec(command);
    if (!found || Object.hasOwn(this.#shell.global, "timing")) return false;
    this.#isTimed = found[1] === undefined ? !this.#isTimed : found[1] === "on";
    this.#options.write(`timing is ${this.#isTimed ? "on" : "off"}\n\n`);
    this.#hasFailed = false;
    return true;
  }

  #prompt(): string {
    const { prompt, database } = this.#options;
    const { endpoint, username } = this.#shell.connection;
    const isNone = endpoint === "none";
    const values: Record<string, () => string> = {
      "%": () => "%",
      d: () => isNone ? "[database]" : database(),
      e: () => endpoint,
      E: () => endpoint.replace(/^(?:http\+)?(?:tcp|unix):\/\/|^ssl:\/\//, ""),
      u: () => isNone ? "[user]" : username,
      t: () => (Date.now() / 1000).toFixed(6),
      a: () => (performance.now() / 1000).toFixed(6),
      p: () => this.#duration.toFixed(6),
    };
    return prompt.replace(/%(.)/g, (_all, code: string) => values[code]?.() ?? "");
  }

  #coloured(prompt: string): string {
    return this.#options.colors ? `\x1b[1;${this.#hasFailed ? 31 : 32}m${prompt}\x1b[0m` : prompt;
  }

  async #complete(line: string, cursor: number): Promise<Proposals> {
    await this.#ready;
    const before = line.slice(0, cursor);
    const query = queryBefore(before);
    if (query !== undefined) {
      return queryProposals(query, cursor, await this.#options.queryNames(), {
        collections: () => this.#shell.texts("db._collections().map(c => c.name()).filter(n => n[0] !== '_')"),
        attributes: (name) =>
          this.#shell.texts(
            `[...new Set(db._query('FOR d IN @@c LIMIT 20 RETURN ATTRIBUTES(d)', { '@c': ${
              JSON.stringify(name)
            } }).toArray().flat())]`,
          ),
      });
    }
    const module = /\brequire\s*\(\s*["'`]([^"'`]*)$/.exec(before)?.[1];
    if (module !== undefined) return { start: cursor - module.length, texts: this.#modules(module) };
    const word = /[\w$.]*$/.exec(before)![0];
    return { start: cursor - word.length, texts: word === "" ? [] : this.#shell.complete(word) };
  }

  /** How the name of a module may go on: those that are built in, or what lies in the folder of a path. */
  #modules(start: string): string[] {
    const [, folder, name] = /^(\.{0,2}\/(?:.*\/)?)(.*)$/.exec(start) ?? [];
    if (folder === undefined) return moduleNames().filter((each) => each.startsWith(start));
    // asked of the script's own functions, which the rules about files hold for
    const entries = this.#shell.texts(
      `((fs, folder, begin) => fs.list(folder).filter((name) => name.startsWith(begin))
        .map((name) => folder + name + (fs.isDirectory(folder + name) ? "/" : "")))
        (require("fs"), ${JSON.stringify(folder)}, ${JSON.stringify(name)})`,
    );
    return entries.filter((path) => /(?:\/|\.js|\.json|\.ts)$/.test(path)).sort();
  }
}
