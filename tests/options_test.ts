/**
 * Each option of arangosh is either known to do nothing here, or does what shows that it was read: the program says something
 * with it that it does not say without it.
 */
import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { OPTIONS } from "../src/cli/option_table.ts";
import { parseOptions } from "../src/cli/options.ts";
import { fatalText, runShell } from "../src/cli/run_shell.ts";
import { startServer } from "denosh";
import { hasTerminals, Home, TerminalProgram } from "./program.ts";

/** What an option does, seen from outside. */
interface Effect {
  /** The option's value. */
  readonly value: string;
  /** What else is on the command line. */
  readonly more?: readonly string[];
  /** What is run; without it, what the options name. */
  readonly script?: string;
  /** What is written with the option, and is not without it. */
  readonly shows: RegExp;
  /** Whether the output is a terminal that shows colours. */
  readonly tty?: true;
}

/** What effects may refer to. */
interface Place {
  readonly home: Home;
  /** A file whose contents and mode are looked at as if they had been written to the output. */
  readonly file: string;
  /** Options for a server that wants the password `secret`. */
  readonly server: readonly string[];
  readonly token: string;
  readonly secretFile: string;
  /** Options for a server that takes connections and never answers. */
  readonly silent: readonly string[];
}

const SAY = "print('said')";
const WARN = "console.warn('w\\x07é')";
const SUITE = `const jsunity = require("jsunity");
jsunity.run(function s() { return { testOne() {}, testTwo() {} }; });
return jsunity.done();`;
const tried = (code: string) => `try { ${code}; print("worked"); } catch (error) { print("refused", error.errorNum); }`;
const REFUSED = /^refused 11$/m;

/** Effects that can be seen without a terminal. */
function effects({ home, file, server, token, secretFile, silent }: Place): Record<string, Effect> {
  const script = home.file("script.js", SAY);
  const broken = home.file("broken.js", "}");
  const configuration = home.file("some.conf", "quiet = true");
  const suite = home.file("suite.js", SUITE);
  home.file("own_module.js", "exports.name = 'found';");
  Deno.mkdirSync(`${home.path}/client/modules`, { recursive: true });
  home.file("client/modules/library_module.js", "exports.name = 'found';");
  const read = tried(`require("fs").read(${JSON.stringify(script)})`);
  const download = tried("require('internal').download('http://127.0.0.1:1/')");
  const named = (name: string) => tried(`require("${name}")`);
  const environment = "print('HOME is', typeof require('internal').env.HOME)";
  const started = "print('quiet' in require('internal').options(), 'is shown')";
  const quiet = "print('quiet:', require('internal').quiet)";
  const version = "print(arango.GET('/_api/version').code || 'fine')";
  return {
    "compress-request-threshold": {
      value: "100",
      more: [...server, "--server.password", "secret"],
      script: "print(arango.POST('/_admin/echo', { x: 'x'.repeat(200) }).headers['content-encoding'])",
      shows: /^deflate$/m,
    },
    "compress-transfer": { value: "true", script: "print(arango.compressTransfer())", shows: /^true$/m },
    config: { value: configuration, script: quiet, shows: /quiet: true/ },
    configuration: { value: configuration, script: quiet, shows: /quiet: true/ },
    "console.pretty-print": { value: "false", script: "print([1])", shows: /^\[ 1 \]$/m },
    define: {
      value: "PLACE=somewhere",
      more: ["--temp.path", `${home.path}/@PLACE@`],
      script: "print(require('fs').getTempPath())",
      shows: /somewhere/,
    },
    "javascript.allow-external-process-control": {
      value: "true",
      script: tried("require('internal').executeExternalAndWait('true', [])"),
      shows: /worked/,
    },
    "javascript.allow-port-testing": {
      value: "true",
      script: tried("require('internal').testPort('tcp://127.0.0.1:1')"),
      shows: /worked/,
    },
    "javascript.check-syntax": { value: broken, shows: /broken\.js' at 1,1: SyntaxError/ },
    "javascript.current-module-directory": { value: "false", script: named("deno.json"), shows: /refused 3100/ },
    "javascript.endpoints-allowlist": { value: "^none$", script: download, shows: REFUSED },
    "javascript.endpoints-denylist": { value: "127", script: download, shows: REFUSED },
    "javascript.environment-variables-allowlist": { value: "^NONE$", script: environment, shows: /is undefined/ },
    "javascript.environment-variables-denylist": { value: "^HOME$", script: environment, shows: /is undefined/ },
    "javascript.execute": { value: script, shows: /said/ },
    "javascript.execute-string": { value: SAY, shows: /said/ },
    "javascript.execution-deadline": {
      value: "1",
      script: "require('internal').sleep(1.5); print('late')",
      shows: /ArangoError 36/,
    },
    "javascript.files-allowlist": { value: "^/none", script: read, shows: REFUSED },
    "javascript.files-denylist": { value: "script", script: read, shows: REFUSED },
    "javascript.harden": { value: "true", script: tried("require('internal').getPid()"), shows: REFUSED },
    "javascript.module-directory": { value: home.path, script: named("own_module"), shows: /worked/ },
    "javascript.startup-directory": { value: home.path, script: named("library_module"), shows: /worked/ },
    "javascript.startup-options-allowlist": { value: "^none$", script: started, shows: /false is shown/ },
    "javascript.startup-options-denylist": { value: "^quiet$", script: started, shows: /false is shown/ },
    "javascript.unit-test-filter": {
      value: "testTwo",
      more: ["--javascript.unit-tests", suite, "--temp.path", home.path],
      shows: /Ran: 1 tests/,
    },
    "javascript.unit-tests": { value: suite, more: ["--temp.path", home.path], shows: /Ran: 2 tests/ },
    log: { value: "debug", script: "console.debug('seen')", shows: /seen/ },
    // deno-lint-ignore no-control-regex -- escape sequences begin with a control character
    "log.color": { value: "false", script: WARN, tty: true, shows: /^[^\x1b]*WARNING[^\x1b]*$/ },
    "log.escape-control-chars": { value: "false", script: WARN, shows: /w é/ },
    "log.escape-unicode-chars": { value: "true", script: WARN, shows: /\\u00e9/ },
    "log.file": { value: file, script: WARN, shows: /^mode 640: [^\n]*WARNING/m },
    "log.file-mode": { value: "600", more: ["--log.file", file], script: WARN, shows: /^mode 600: / },
    "log.hostname": { value: "here", script: WARN, shows: /Z here \[/ },
    "log.ids": { value: "false", script: WARN, shows: /WARNING \{general\}/ },
    "log.level": { value: "general=debug", script: "console.debug('seen')", shows: /seen/ },
    "log.max-entry-length": { value: "2", script: "console.warn('long')", shows: /lo\.\.\.$/m },
    "log.output": { value: `file://${file}`, script: WARN, shows: /^mode 640: [^\n]*WARNING/m },
    "log.prefix": { value: ">>", script: WARN, shows: /Z >> \[/ },
    "log.process": { value: "false", script: WARN, shows: /\[1\]/ },
    "log.role": { value: "true", script: WARN, shows: /\] U WARNING/ },
    "log.thread": { value: "false", script: WARN, shows: /\[\d+\] WARNING/ },
    "log.thread-name": { value: "true", script: WARN, shows: /-main\] WARNING/ },
    "log.time-format": { value: "uptime", script: WARN, shows: /^\d+ \[/ },
    "log.use-json-format": { value: "true", script: WARN, shows: /^\{"time":/ },
    "log.use-local-time": { value: "true", script: WARN, shows: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d \[/ },
    "log.use-microtime": { value: "true", script: WARN, shows: /^\d{10}\.\d{6} \[/ },
    quiet: { value: "true", script: quiet, shows: /quiet: true/ },
    "server.authentication": {
      value: "false",
      more: [...server, "--server.password", "secret"],
      script: version,
      shows: /^401$/m,
    },
    "server.connection-timeout": {
      value: "-1",
      script: SAY,
      shows: /FATAL invalid value for --server.connection-timeout/,
    },
    "server.database": { value: "other", script: "print(arango.getDatabaseName())", shows: /other/ },
    "server.endpoint": { value: "none", script: "print(arango.getEndpoint() + '.')", shows: /^\.$/m },
    "server.force-json": {
      value: "true",
      more: [...server, "--server.password", "secret"],
      script: "print(typeof arango.GET_RAW('/_api/version').body)",
      shows: /string/,
    },
    "server.jwt-renewal-threshold": { value: "17", script: "print(arango.jwtRenewalThreshold())", shows: /^17$/m },
    "server.jwt-secret-keyfile": { value: secretFile, more: server, script: version, shows: /fine/ },
    "server.jwt-token": { value: token, more: server, script: version, shows: /fine/ },
    "server.max-packet-size": { value: "1", script: SAY, shows: /FATAL invalid value for --server.max-packet-size/ },
    "server.password": { value: "secret", more: server, script: version, shows: /fine/ },
    "server.request-timeout": {
      value: "0.2",
      more: silent,
      script: "arango.timeout() < 1 && print(arango.GET('/_api/version').errorNum)",
      shows: /^408$/m,
    },
    "server.username": {
      value: "somebody",
      more: [...silent, "--server.request-timeout", "0.2"],
      script: "print(arango.connectedUser())",
      shows: /somebody/,
    },
    "temp.path": {
      value: `${home.path}/not/yet/there`,
      script: "print(require('fs').getTempPath())",
      shows: /\/not\/yet\/there\/./,
    },
  };
}

/** What a run has written, and the file of a {@linkcode Place} behind it. */
async function written(args: readonly string[], { home, file }: Place, isTty = false): Promise<string> {
  let text = "";
  const environment = (name: string) => name === "HOME" ? home.path : undefined;
  const write = (more: string) => void (text += more);
  const terminal = () => ({ isTty, columns: 80, rows: 24 });
  try {
    const options = parseOptions(args, environment);
    await runShell(options, {
      environment,
      write,
      complain: write,
      terminal,
      interactive: false,
      directory: ":memory:",
    });
  } catch (error) {
    text += fatalText(error);
  }
  try {
    const { mode } = Deno.statSync(file);
    text += `mode ${(mode! & 0o777).toString(8)}: ${Deno.readTextFileSync(file)}`;
    Deno.removeSync(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return text;
}

/** Effects that only a terminal shows: what is typed, and what is seen until the program ends. */
function terminalEffects(home: Home): Record<string, Effect & { readonly prompt?: string }> {
  return {
    "console.audit-file": { value: `${home.path}/audit`, shows: /Logging input and output to/ },
    "console.auto-complete": { value: "false", script: "zzLo\t", shows: /ReferenceError: zzLo is not defined/ },
    // deno-lint-ignore no-control-regex -- escape sequences begin with a control character
    "console.colors": { value: "false", shows: /^(?![\s\S]*\x1b\[(?:1;)?3\dm)/ },
    "console.history": { value: "false", shows: /The history of commands is not kept/ },
    "console.pager": { value: "true", more: ["--console.pager-command", "cat"], shows: /Using pager/ },
    "console.pager-command": {
      value: "sed 's/^/| /'",
      more: ["--console.pager", "true"],
      script: "'thr' + 'ough'",
      shows: /\| through/,
    },
    "console.prompt": { value: "in %d# ", prompt: "in _system# ", shows: /in _system# / },
    "server.ask-jwt-secret": {
      value: "true",
      more: ["--server.endpoint", "tcp://127.0.0.1:1"],
      prompt: "Please specify the JWT secret: ",
      shows: /the JWT secret/,
    },
  };
}

/** Options that are read by the program before there is a shell, or whose effect stays in the process. */
const OF_THE_PROGRAM: Readonly<Record<string, readonly [args: readonly string[], shows: RegExp]>> = {
  "check-configuration": [["--check-configuration"], /^$/],
  "dump-dependencies": [["--dump-dependencies"], /^digraph/],
  "dump-options": [["--dump-options"], /^\{.*"javascript.harden"/],
  "javascript.v8-options": [["--javascript.v8-options", "--expose-gc"], /^function\n$/],
  version: [["--version"], /^3\.12/],
  "version-json": [["--version-json"], /^\{.*"version"/],
};

async function place(home: Home, url: string, silent: Deno.TcpListener): Promise<Place> {
  const credentials = JSON.stringify({ username: "root", password: "secret" });
  const login = await fetch(`${url}/_open/auth`, { method: "POST", body: credentials });
  return {
    home,
    file: `${home.path}/written`,
    server: ["--server.endpoint", url],
    token: (await login.json()).jwt,
    secretFile: home.file("secret", "signed\n"),
    silent: ["--server.endpoint", `tcp://127.0.0.1:${silent.addr.port}`],
  };
}

Deno.test("options of arangosh change what a shell does", async (t) => {
  using home = new Home();
  await using server = await startServer({ rootPassword: "secret", jwtSecret: "signed" });
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const here = await place(home, server.url, silent);
  const seen = effects(here);
  const covered = [seen, terminalEffects(home), OF_THE_PROGRAM].flatMap(Object.keys);
  const promised = Array.from(OPTIONS.values()).filter(({ meaning, own }) => meaning !== undefined && !own);
  deepEqual(covered.sort(), promised.map(({ name }) => name).sort());
  for (const [name, { value, more = [], script, shows, tty }] of Object.entries(seen)) {
    await t.step(name, async () => {
      const others = [...more, ...script === undefined ? [] : ["--javascript.execute-string", script]];
      doesNotMatch(await written(others.length === 0 ? ["--javascript.execute-string", ""] : others, here, tty), shows);
      match(await written([`--${name}=${value}`, ...others], here, tty), shows);
    });
  }
});

Deno.test("options of arangosh that ask for a text, or set up the process", async () => {
  using home = new Home();
  const script = ["--javascript.execute-string", "print(typeof gc)"];
  for (const [name, [args, shows]] of Object.entries(OF_THE_PROGRAM)) {
    const { status, output } = await home.run([...args, ...script]);
    equal(status, 0, name);
    match(output, shows);
  }
  equal((await home.run(script)).output, "undefined\n");
});

Deno.test({
  name: "options of arangosh change what is seen on a terminal",
  ignore: !hasTerminals(),
  fn: async (t) => {
    using home = new Home();
    /** Waits for a prompt, types a line, leaves; gives what was seen. */
    const session = async (args: readonly string[], prompt: string, keys: string) => {
      await using program = new TerminalProgram(home, ["--database.directory", ":memory:", ...args]);
      let shown = await program.see(prompt);
      await program.type("globalThis['zz' + 'Long'] = 1\r");
      const [start, ...parts] = keys.split("\t");
      await program.type(start!);
      for (const part of parts) {
        // a tab that comes with other keys is taken for a part of a paste
        shown += await program.see(start!);
        await program.type("\t");
        shown += await program.see(start!);
        await program.type(part);
      }
      await program.type("\rexit\r");
      await program.status();
      shown += program.rest;
      return shown;
    };
    const usual = "embedded@_system> ";
    const effects = Object.entries(terminalEffects(home));
    const plain = await session([], usual, effects.flatMap(([, { script }]) => script ?? []).join("\r"));
    for (const [name, { value, more = [], script = "", prompt = usual, shows }] of effects) {
      await t.step(name, async () => {
        doesNotMatch(plain, shows);
        match(await session([`--${name}=${value}`, ...more], prompt, script), shows);
      });
    }
  },
});
