/**
 * A `denosh serve` in a process of its own, for scripts.
 *
 * @module
 */

const MAIN = new URL("../src/main.ts", import.meta.url).pathname;
const READY = /^denosh is ready: (http:\/\/127\.0\.0\.1:(\d+))$/m;

/** The arguments that make `deno` run denosh. */
export function denoshCommand(...args: readonly string[]): string[] {
  return ["run", "-A", "--quiet", MAIN, ...args];
}

/** A request to a leader that was not answered as expected. */
class UnexpectedAnswer extends Error {
  override readonly name = "UnexpectedAnswer";
}

/** A leader on a free port of the loopback interface. */
export class LeaderProcess implements AsyncDisposable {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly port: number;
  readonly #child: Deno.ChildProcess;
  readonly #authorization: string;
  #stopped: Promise<void> | undefined;

  private constructor(child: Deno.ChildProcess, url: string, password: string | undefined) {
    this.url = url;
    this.port = Number(new URL(url).port);
    this.#child = child;
    this.#authorization = `Basic ${btoa(`root:${password ?? ""}`)}`;
  }

  /**
   * Starts a leader and waits until it is ready.
   *
   * @param directory its data directory
   * @param password root's; without one nobody has to log in
   * @throws Error when the process ends before it is ready
   */
  static async start(directory: string, password?: string): Promise<LeaderProcess> {
    const child = new Deno.Command(Deno.execPath(), {
      args: denoshCommand(
        "serve",
        "--server.endpoint",
        "tcp://127.0.0.1:0",
        "--database.directory",
        directory,
        "--server.authentication",
        `${password !== undefined}`,
      ),
      env: password === undefined ? {} : { DENOSH_ROOT_PASSWORD: password },
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`the leader ended before it was ready, with status ${(await child.status).code}`);
      text += value;
      const url = READY.exec(text)?.[1];
      if (url === undefined) continue;
      await reader.cancel();
      return new LeaderProcess(child, url, password);
    }
  }

  /**
   * Asks the leader as root.
   *
   * @param body is sent as JSON, a text as it is
   * @returns the parsed answer
   * @throws UnexpectedAnswer for a status of 400 and above
   */
  async request(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: this.#authorization },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new UnexpectedAnswer(`${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
    }
    return text === "" ? undefined : JSON.parse(text);
  }

  /** Ends the process and waits for its end. */
  stop(): Promise<void> {
    return this.#stopped ??= this.#end();
  }

  async #end(): Promise<void> {
    try {
      this.#child.kill("SIGTERM");
    } catch (error) {
      // it has ended on its own
      if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
    }
    await this.#child.status;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
