import { deepEqual, doesNotMatch, equal, match, ok, throws } from "node:assert/strict";
import { TemporaryDirectory } from "../base/testing.ts";
import { completionScript, manualPage, SHELLS } from "./completion_scripts.ts";
import { helpText, sections } from "./help.ts";
import { OptionError } from "./option_error.ts";
import { OPTIONS } from "./option_table.ts";
import { type Options, parseOptions } from "./options.ts";

/** A directory with files of options. */
class Files extends TemporaryDirectory {
  /** Writes a file and gives its path. */
  file(name: string, text: string): string {
    const path = `${this.path}/${name}`;
    Deno.writeTextFileSync(path, text);
    return path;
  }
}

function parse(args: readonly string[], environment: Record<string, string> = {}): Options {
  return parseOptions(args, (name) => environment[name]);
}

function failure(...args: string[]): OptionError {
  try {
    parse(args);
  } catch (error) {
    if (error instanceof OptionError) return error;
    throw error;
  }
  throw new Error(`${args.join(" ")} was accepted`);
}

Deno.test("options: values come after a blank or '=', flags take only words that are flags", () => {
  const options = parse([
    "--quiet",
    "x",
    "--server.database=a=b",
    "--console.colors",
    "false",
    "-c",
    "none",
    "--",
    "--z",
  ]);
  deepEqual(options.positional, ["x", "--z"]);
  equal(options.flag("quiet", false), true);
  equal(options.flag("console.colors", true), false);
  equal(options.text("server.database"), "a=b");
  for (const [text, value] of [["yes", true], ["no", false], ["off", false], ["1", true], ["", true]] as const) {
    equal(parse([`--quiet=${text}`]).flag("quiet", !value), value, text);
  }
  // with a blank, `yes` is an argument
  deepEqual(parse(["--quiet", "yes"]).positional, ["yes"]);
});

Deno.test("options: the last value counts, lists collect, former names are known", () => {
  const options = parse(
    "--server.database a --server.database b --javascript.execute x --javascript.execute y --javascript.files-whitelist z"
      .split(" "),
  );
  equal(options.text("server.database"), "b");
  deepEqual(options.list("javascript.execute"), ["x", "y"]);
  deepEqual(options.list("javascript.files-allowlist"), ["z"]);
});

Deno.test("options: numbers may have the suffixes of ArangoDB's manual", () => {
  for (
    const [text, value] of [
      ["5", 5],
      ["2.5", 2.5],
      ["10b", 10],
      ["64MiB", 64 * 2 ** 20],
      ["3GIB", 3 * 2 ** 30],
      ["3tib", 3 * 2 ** 40],
      ["3k", 3000],
      ["4tb", 4e12],
      ["1e3", 1000],
      ["5%", 0.05],
    ] as const
  ) {
    equal(parse(["--server.request-timeout", text]).number("server.request-timeout", 0), value);
  }
});

Deno.test("options: values that an option cannot have are refused with status 4", () => {
  for (
    const [name, value] of [
      ["server.request-timeout", "5 apples"],
      ["javascript.gc-interval", "-1"],
      ["javascript.gc-interval", "1.5"],
      ["javascript.execution-deadline", "4294967296"],
      ["log.time-format", "sundial"],
      ["ssl.protocol", "7"],
      ["quiet", "maybe"],
    ] as const
  ) {
    const { status, message } = failure(`--${name}=${value}`);
    equal(status, 4, message);
    match(message, new RegExp(`error setting value for option '--${name}': .*'${value}'`));
  }
});

Deno.test("options: what is wrong is said, with names that are near and the right status", () => {
  const unknown = failure("--server.endpoit", "x");
  equal(unknown.status, 3);
  match(unknown.message, /unknown option '--server\.endpoit'[\s\S]*Did you mean[\s\S]*--server\.endpoint /);
  match(failure("--dry", "--endpoint").message, /'--dry'[\s\S]*Did you mean this\?\n +--dry-run /);
  match(failure("--endpoint", "x").message, /Did you mean one of these\?\n[\s\S]* --server\.endpoint /);
  doesNotMatch(unknown.message, /--$/);
  match(failure("script.js", "--mine").message, /arguments of the script that begin with a dash come after --$/);
  match(failure("--server.password").message, /no value specified/);
  equal(failure("--configuration", "/nowhere/at/all").status, 6);
});

Deno.test("options: @NAME@ stands for the environment, then for --define; @@ for itself", () => {
  const value = (text: string): string | undefined =>
    parse(["--define", "OWN=mine", "-D", "BOTH=mine", "--server.password", text], { BOTH: "theirs", P: "s" })
      .text("server.password");
  equal(value("@P@"), "s");
  equal(value("@BOTH@-@OWN@-@NONE@-"), "theirs-mine--");
  equal(value("a@@b@@c"), "a@b@c");
  equal(value("a@b"), "a@b");
  equal(value("@PID@"), String(Deno.pid));
});

Deno.test("configuration files: sections, lists, includes, .local, editions; the command line wins", () => {
  using files = new Files();
  files.file("more.conf", "[javascript]\nmodule-directory = /more\n");
  files.file("a.conf.local", "[server]\nusername = local\n");
  const path = files.file(
    "a.conf",
    "# no setting\n; nor this\nquiet = true\n[server:community]\nusername = main\ndatabase = d\nendpoint = tcp://a\n" +
      "console.prompt = @WHO@> \n[server:enterprise]\nunknown-there = 1\n[javascript]\nmodule-directory = /one\n" +
      "module-directory = /two\n@include more\n",
  );
  const options = parse(["-c", path, "--server.database", "mine", "--server.endpoint", "tcp://b"], { WHO: "me" });
  equal(options.text("server.username"), "local");
  equal(options.text("server.database"), "mine");
  deepEqual(options.list("server.endpoint"), ["tcp://b"]);
  deepEqual(options.list("javascript.module-directory"), ["/one", "/two", "/more"]);
  equal(options.text("console.prompt"), "me>");
  equal(options.flag("quiet", false), true);
});

Deno.test("configuration files: blanks around equals signs, files that include each other, no file, the user's own", () => {
  using files = new Files();
  const path = files.file("a.conf", "[log]\nlevel = v8 = trace\n");
  deepEqual(parse(["-c", path]).list("log.level"), ["v8=trace"]);
  const [one] = [files.file("one.conf", "@include two\n"), files.file("two.conf", "@include one.conf\n")];
  equal(failure("-c", one).status, 6);
  const parseHere = (...args: string[]): Options =>
    parseOptions(args, () => undefined, [`${files.path}/none.conf`, path]);
  deepEqual(parseHere().list("log.level"), ["v8=trace"]);
  deepEqual(parseHere("-c", "NONE").list("log.level"), []);
  deepEqual(parseHere("--configuration", files.file("b.conf", "quiet = true")).list("log.level"), []);
});

Deno.test("options of arangosh are known, with their kinds and defaults; secrets are not told to scripts", () => {
  const names = [
    "check-configuration",
    "javascript.v8-max-heap",
    "log.time-format",
    "ssl.protocol",
    "use-splice-syscall",
  ];
  for (const name of names) ok(OPTIONS.has(name), name);
  const shown = parse(["--server.password", "p", "--leader.password", "p", "--server.jwt-token", "p", "--quiet"])
    .public();
  equal(shown.quiet, true);
  for (const name of ["server.password", "leader.password", "server.jwt-token"]) ok(!(name in shown), name);
  // defaults of arangosh-options.json, one of each type
  const { "javascript.v8-max-heap": heap, "log.level": level, "log.ids": ids, "server.database": database } = shown;
  deepEqual([heap, level, ids, database, shown["javascript.harden"]], [3072, ["info"], true, "_system", false]);
});

Deno.test("help, the manual page and completions have every option that does something, and mark denosh's own", () => {
  const [all, used, manual] = [helpText("all"), helpText("used"), manualPage()];
  const scripts = SHELLS.map(completionScript);
  for (const { name, meaning, own } of OPTIONS.values()) {
    ok(all.includes(`--${name}`), name);
    equal(used.includes(`--${name} `), meaning !== undefined, name);
    if (meaning === undefined) continue;
    ok(manual.includes(`--${name}`.replaceAll("-", "\\-")), name);
    for (const script of scripts) ok(script.includes(name), name);
    if (own) match(used, new RegExp(`--${name} <[a-z0-9.]+> .*\\(denosh's own`));
  }
  for (const section of sections()) {
    match(helpText(section), new RegExp(`Section '${section}'`));
    equal(parse([`--help-${section}`]).help, section);
  }
  throws(() => parse(["--help-nothing"]), OptionError);
});
