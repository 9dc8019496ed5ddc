/**
 * The executable.
 *
 * @module
 */
import { lateImport } from "./base/late_import.ts";
import { configurationFiles, defaultDirectory } from "./cli/directories.ts";
import { FatalError } from "./cli/fatal_error.ts";
import { OptionError } from "./cli/option_error.ts";
import { type Options, parseOptions } from "./cli/options.ts";
import type { ShellEnvironment } from "./cli/run_shell.ts";

const environment = (name: string): string | undefined => Deno.env.get(name);
const write = (text: string): void => writeTo(Deno.stdout, text);
const complain = (text: string): void => writeTo(Deno.stderr, text);

function writeTo(stream: typeof Deno.stdout, text: string): void {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let done = 0; done < bytes.length;) done += stream.writeSync(bytes.subarray(done));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    // whoever read the output has seen enough, as `head` has after its lines
    Deno.exit(SIGPIPE_STATUS);
  }
}

/** The exit status of a program that a broken pipe has ended, in the terms of shells. */
const SIGPIPE_STATUS = 128 + 13;

/** What only some subcommands need. */
const LATE = {
  serve: () => lateImport<typeof import("./cli/run_serve.ts")>(new URL("./cli/run_serve.ts", import.meta.url)),
  sync: () => lateImport<typeof import("./cli/run_sync.ts")>(new URL("./cli/run_sync.ts", import.meta.url)),
  job: () =>
    lateImport<typeof import("./replication/job_process.ts")>(
      new URL("./replication/job_process.ts", import.meta.url),
    ),
  remoteSync: () =>
    lateImport<typeof import("./connection/remote_sync_process.ts")>(
      new URL("./connection/remote_sync_process.ts", import.meta.url),
    ),
};

/** Carries out one command; gives the exit status. */
type Command = (options: Options, world: ShellEnvironment) => Promise<number>;

/** What the first word of a command line may ask for; without such a word it is the shell. */
const COMMANDS: Readonly<Record<string, Command>> = {
  async serve(options, world) {
    return await (await LATE.serve()).runServe(options, world);
  },
  async sync(options, world) {
    return await (await LATE.sync()).runSync(options, world);
  },
  async jobs(options, world) {
    return await (await LATE.sync()).runJobs(options, world);
  },
  async completion({ positional: [name] }) {
    const { SHELLS, completionScript } = await import("./cli/completion_scripts.ts");
    const shell = SHELLS.find((one) => one === name);
    if (shell === undefined) {
      complain(`usage: denosh completion ${SHELLS.join("|")}\n`);
      return 1;
    }
    write(completionScript(shell));
    return 0;
  },
  async man() {
    write((await import("./cli/completion_scripts.ts")).manualPage());
    return 0;
  },
};

/** Runs the program; gives its exit status. */
async function main(args: readonly string[]): Promise<number> {
  if (args[0] === "__job") {
    (await LATE.job()).runOrderedJob();
    return 0;
  }
  if (args[0] === "__remote_job") {
    (await LATE.remoteSync()).runOrderedRemoteSync();
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, args[0] ?? "") ? COMMANDS[args[0]!] : undefined;
  let options: Options;
  try {
    // a server's endpoints are not those of a shell
    const files = command === COMMANDS.serve ? [] : configurationFiles(environment);
    options = parseOptions(command ? args.slice(1) : args, environment, files);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    complain(`Error while processing command-line options for denosh:\n  ${error.message}\n\n`);
    return error.status;
  }
  const information = await informationText(options);
  if (information !== undefined) {
    write(information);
    return 0;
  }
  const world: ShellEnvironment = {
    environment,
    write,
    complain,
    directory: options.text("database.directory") ?? defaultDirectory(environment),
    interactive: Deno.stdin.isTerminal(),
    commands: Object.keys(COMMANDS),
    terminal,
  };
  return await (command ?? (await import("./cli/run_shell.ts")).runShell)(options, world);
}

/** The text of options that only ask for one: help, version, definitions. */
async function informationText(options: Options): Promise<string | undefined> {
  if (options.help !== undefined) return (await import("./cli/help.ts")).helpText(options.help);
  if (options.flag("version", false)) return (await import("./cli/help.ts")).versionText();
  if (options.flag("version-json", false)) {
    return `${JSON.stringify((await import("./cli/help.ts")).versionDetails())}\n`;
  }
  if (options.flag("dump-options", false)) {
    return `${JSON.stringify((await import("./cli/help.ts")).optionDefinitions())}\n`;
  }
  // the parts of the program that arangosh would draw here are those of another program
  if (options.flag("dump-dependencies", false)) return "digraph dependencies {\n}\n";
  return options.flag("check-configuration", false) ? "" : undefined;
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
  complain(`${(await import("./cli/run_shell.ts")).fatalText(error)}\n`);
  status = error instanceof FatalError ? error.status : 1;
}
// workers, and jobs that go on, would keep the process
Deno.exit(status);
