/**
 * Runs the real program for tests: with pipes, as a server, and on a terminal.
 *
 * @module
 */
import { ok } from "node:assert/strict";
import { TemporaryDirectory } from "../src/base/testing.ts";

const MAIN = new URL("../src/main.ts", import.meta.url).pathname;
const decoder = new TextDecoder();

/** What became of a run. */
export interface Outcome {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

/** A home directory of its own for the program, removed afterwards. */
export class Home extends TemporaryDirectory {
  /** Environment variables of the program. */
  get environment(): Record<string, string> {
    // the cache of modules is not in the new home
    const cache = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME") ?? ""}/.cache/deno`;
    return { HOME: this.path, XDG_RUNTIME_DIR: this.path, DENO_DIR: cache, NO_COLOR: "" };
  }

  /** Writes a file and gives its path. */
  file(name: string, text: string): string {
    const path = `${this.path}/${name}`;
    Deno.writeTextFileSync(path, text);
    return path;
  }

  /** Runs the program to its end. */
  async run(args: readonly string[], input = "", environment: Record<string, string> = {}): Promise<Outcome> {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", MAIN, ...args],
      env: { ...this.environment, ...environment },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    return { status: code, output: decoder.decode(stdout), errors: decoder.decode(stderr) };
  }
}

/** What other processes of the same user can read of one; empty where that cannot be known. */
export function publicTexts(pid: number): string {
  if (Deno.build.os !== "linux") return "";
  // files that have a name are not the process's own
  const files = [...Deno.readDirSync(`/proc/${pid}/fd`)].map(({ name }) => `fd/${name}`)
    .filter((name) => /^\/.* \(deleted\)$/.test(Deno.readLinkSync(`/proc/${pid}/${name}`)));
  return ["cmdline", "environ", ...files].map((name) => decoder.decode(Deno.readFileSync(`/proc/${pid}/${name}`)))
    .join();
}

/** Waits until no worker of this process is left, where threads can be listed. */
export async function threadsHaveEnded(): Promise<void> {
  const nameOf = ({ name }: Deno.DirEntry): string => Deno.readTextFileSync(`/proc/self/task/${name}/comm`);
  const isAlive = (): boolean => {
    try {
      return [...Deno.readDirSync("/proc/self/task")].some((task) => nameOf(task).startsWith("worker-"));
    } catch {
      // one has ended since it was listed
      return true;
    }
  };
  while (Deno.build.os === "linux" && isAlive()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** `denosh serve` on a port of its own. */
export class Served implements AsyncDisposable {
  /** Where it listens: `tcp://127.0.0.1:PORT`. */
  readonly endpoint: string;
  readonly #child: Deno.ChildProcess;

  private constructor(child: Deno.ChildProcess, endpoint: string) {
    this.#child = child;
    this.endpoint = endpoint;
  }

  /** Starts a server with root's password `secret`, and more options. */
  static async start(home: Home, ...more: string[]): Promise<Served> {
    const place = ["--server.endpoint", "tcp://127.0.0.1:0", "--database.directory", ":memory:"];
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", MAIN, "serve", ...place, ...more],
      env: { ...home.environment, DENOSH_ROOT_PASSWORD: "secret" },
      stdin: "null",
      stdout: "piped",
    }).spawn();
    let said = "";
    const reader = child.stdout.getReader();
    while (!said.includes("\n")) {
      const { value, done } = await reader.read();
      ok(!done, `the server ended: ${said}`);
      said += decoder.decode(value);
    }
    // read on, so that the server can always write
    void (async () => {
      while (!(await reader.read()).done);
    })();
    return new Served(child, said.trim().replace(/^.*http:/, "tcp:"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#child.status;
  }
}

/** Whether `script` of util-linux is there, which gives a program a terminal. */
export function hasTerminals(): boolean {
  try {
    const { stdout } = new Deno.Command("script", { args: ["--version"], stderr: "null" }).outputSync();
    return decoder.decode(stdout).includes("util-linux");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** A word of a shell's command. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Longest wait for something to appear, in milliseconds. */
const PATIENCE = 30_000;

/** The program on a terminal of 100 by 30 characters, and a user who types. */
export class TerminalProgram implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #ended: Promise<Deno.CommandStatus>;
  #shown = "";
  #from = 0;
  #wake: () => void = () => {};

  /**
   * Starts the program.
   *
   * @param wrap gives the command of a shell that runs the program's
   */
  constructor(
    home: Home,
    args: readonly string[],
    environment: Record<string, string> = {},
    wrap: (command: string) => string = (command) => `exec ${command}`,
  ) {
    const command = [Deno.execPath(), "run", "-A", MAIN, ...args].map(quoted).join(" ");
    this.#child = new Deno.Command("script", {
      args: ["-qfec", `stty rows 30 cols 100; ${wrap(command)}`, "/dev/null"],
      env: { ...home.environment, TERM: "xterm", SHELL: "/bin/sh", ...environment },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#ended = this.#child.status;
    void this.#watch();
  }

  async #watch(): Promise<void> {
    const stream = new TextDecoder();
    for await (const bytes of this.#child.stdout) {
      this.#shown += stream.decode(bytes, { stream: true });
      this.#wake();
    }
  }

  /** Everything that was shown since the last {@linkcode see} and has not been waited for. */
  get rest(): string {
    return this.#shown.slice(this.#from);
  }

  /** Presses keys. */
  async type(keys: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(keys));
  }

  /**
   * Waits until something is shown, after what was seen before.
   *
   * @returns what was shown up to and with it
   */
  async see(text: string): Promise<string> {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const at = this.#shown.indexOf(text, this.#from);
      if (at >= 0) {
        const seen = this.#shown.slice(this.#from, at + text.length);
        this.#from = at + text.length;
        return seen;
      }
      const left = end - Date.now();
      ok(left > 0, `'${text}' was not shown, but ${JSON.stringify(this.rest.slice(-2000))}`);
      let timer: ReturnType<typeof setTimeout> | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, left);
      });
      clearTimeout(timer);
    }
  }

  /** Waits for the program's end; gives its exit status. */
  async status(): Promise<number> {
    return (await this.#ended).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      // the terminal goes with it, and the program with the terminal
      this.#child.kill("SIGKILL");
    } catch (error) {
      // it has ended by itself
      if (!(error instanceof TypeError)) throw error;
    }
    await this.#ended;
    await this.#input.close().catch(() => {
      // nobody reads what was typed last
    });
  }
}
