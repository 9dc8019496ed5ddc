/**
 * The executable.
 *
 * @module
 */
import { defaultDirectory } from "./cli/directories.ts";
import { OptionError, type Options, parseOptions } from "./cli/options.ts";

const environment = (name: string): string | undefined => Deno.env.get(name);

function write(text: string): void {
  writeTo(Deno.stdout, text);
}

function writeTo(stream: typeof Deno.stdout, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length;) done += stream.writeSync(bytes.subarray(done));
}

/** Runs the program; gives its exit status. */
async function main(args: readonly string[]): Promise<number> {
  if (args[0] === "__job") {
    (await import("./replication/job_process.ts")).runOrderedJob();
    return 0;
  }
  const serving = args[0] === "serve";
  let options: Options;
  try {
    options = parseOptions(serving ? args.slice(1) : args, environment);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    writeTo(Deno.stderr, `Error while processing command-line options for denosh:\n  ${error.message}\n\n`);
    return error.status;
  }
  if (options.flag("help", false) || options.flag("help-all", false)) {
    write((await import("./cli/help.ts")).helpText(options.flag("help-all", false)));
    return 0;
  }
  if (options.flag("version", false)) {
    write((await import("./cli/help.ts")).versionText());
    return 0;
  }
  if (options.flag("version-json", false)) {
    write(`${JSON.stringify((await import("./cli/help.ts")).versionDetails())}\n`);
    return 0;
  }
  const directory = options.text("database.directory") ?? defaultDirectory(environment);
  if (serving) return await (await import("./cli/run_serve.ts")).runServe(options, directory, environment, write);
  return await (await import("./cli/run_shell.ts")).runShell(options, {
    environment,
    write,
    directory,
    complain: (text) => writeTo(Deno.stderr, text),
    interactive: Deno.stdin.isTerminal(),
    terminal,
  });
}

function terminal(): { isTty: boolean; columns: number; rows: number } {
  const isTty = Deno.stdout.isTerminal();
  const { columns, rows } = isTty ? Deno.consoleSize() : { columns: 0, rows: 0 };
  // a terminal may not know its size
  return { isTty, columns: columns || 80, rows: rows || 24 };
}

let status: number;
try {
  status = await main(Deno.args);
} catch (error) {
  writeTo(Deno.stderr, `${(await import("./cli/run_shell.ts")).fatalText(error)}\n`);
  status = 1;
}
// workers, and jobs that go on, would keep the process
Deno.exit(status);
