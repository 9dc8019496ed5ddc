/**
 * Ctrl-C for a thread that is busy, and a sign of life while it is.
 *
 * Scripts block their thread, so a thread of its own listens for the signal. What calls nothing cannot be stopped from
 * there. Tried with Deno 2.9.6: `breakOnSigint` of `node:vm` has no effect, its `timeout` cannot be shortened once a
 * script runs, `connectToMainThread()` of `node:inspector` is not supported, the executable exports no function of V8,
 * and the inspector's port (`Runtime.terminateExecution`) would let every user of the machine run code in the shell. So
 * what runs at the prompt asks by itself in its loops (`loop_checks.ts`); what is busy in one call of the language, such as
 * a regular expression, ends with `--javascript.execution-deadline`, or with the shell.
 *
 * @module
 */

/** Words of the memory that both threads share. */
const INTERRUPTED = 0;
const RUNNING = 1;
/** Counts what the command prints. */
const OUTPUTS = 2;
/** Whether the sign of life stands on the terminal. */
const SHOWN = 3;

/** Seconds without output before the sign of life is shown. */
const SILENCE = 2;

const WORKER = `
let words, start = 0, outputs = -1, quietSince = 0, signals = 0;
const INTERRUPTED = ${INTERRUPTED}, RUNNING = ${RUNNING}, OUTPUTS = ${OUTPUTS}, SHOWN = ${SHOWN};
const write = (text) => Deno.stdout.writeSync(new TextEncoder().encode(text));
onmessage = ({ data }) => {
  words = new Int32Array(data.shared);
  Deno.addSignalListener("SIGINT", () => {
    if (Atomics.load(words, RUNNING) === 0) return;
    // what is busy in one call of the language cannot be told to stop
    if (Atomics.exchange(words, INTERRUPTED, 1) === 0) signals = 1;
    else if (++signals === 2) write("\\r\\x1b[Kthe script does not answer; Ctrl-C once more ends the shell\\n");
    else Deno.kill(Deno.pid, "SIGTERM");
  });
  if (data.isTty) setInterval(look, 500);
  postMessage("ready");
};
function look() {
  const now = performance.now(), running = Atomics.load(words, RUNNING), count = Atomics.load(words, OUTPUTS);
  if (running !== start || count !== outputs) {
    if (running !== start) signals = 0;
    start = running;
    outputs = count;
    quietSince = now;
    return;
  }
  if (running === 0 || now - quietSince < ${SILENCE * 1000}) return;
  Atomics.store(words, SHOWN, 1);
  write("\\r\\x1b[K... running for " + Math.round((now - quietSince) / 1000) + " s, Ctrl-C stops it");
}`;

/** Tells a busy thread that somebody has pressed Ctrl-C. */
export class Interrupts implements Disposable {
  readonly #words = new Int32Array(new SharedArrayBuffer(16));
  readonly #isTty: boolean;
  readonly #write: (text: string) => void;
  readonly #ignore = (): void => {};
  #worker: Worker | undefined;
  #runs = 0;

  /**
   * @param isTty whether a sign of life may be shown
   * @param write takes what removes it
   */
  constructor(isTty: boolean, write: (text: string) => void) {
    this.#isTty = isTty;
    this.#write = write;
  }

  /** Starts to listen. */
  async listen(): Promise<void> {
    // without a listener of its own the main thread would end the program
    Deno.addSignalListener("SIGINT", this.#ignore);
    const worker = new Worker(`data:text/javascript,${encodeURIComponent(WORKER)}`, { type: "module" });
    this.#worker = worker;
    await new Promise<void>((resolve) => {
      worker.onmessage = () => resolve();
      worker.postMessage({ shared: this.#words.buffer, isTty: this.#isTty });
    });
  }

  /** A command begins. */
  begin(): void {
    Atomics.store(this.#words, INTERRUPTED, 0);
    Atomics.store(this.#words, RUNNING, ++this.#runs);
  }

  /** The command has ended. */
  end(): void {
    Atomics.store(this.#words, RUNNING, 0);
    this.clear();
  }

  /** Removes the sign of life: something is going to be printed. */
  clear(): void {
    Atomics.add(this.#words, OUTPUTS, 1);
    if (Atomics.exchange(this.#words, SHOWN, 0) === 1) this.#write("\r\x1b[K");
  }

  /** Whether the running command is to stop; it stays so until the next one begins. */
  get isInterrupted(): boolean {
    return Atomics.load(this.#words, INTERRUPTED) === 1;
  }

  [Symbol.dispose](): void {
    if (this.#worker) Deno.removeSignalListener("SIGINT", this.#ignore);
    this.#worker?.terminate();
  }
}
