import { equal, match, ok } from "node:assert/strict";
import { withoutEscapes } from "../src/shell/text_width.ts";
import { hasTerminals, Home, quoted, Served, TerminalProgram } from "./program.ts";

const PROMPT = "embedded@_system> ";
const CTRL_C = "\x03";
const CTRL_D = "\x04";
const CTRL_R = "\x12";
const ignore = !hasTerminals();
if (ignore) Deno.stderr.writeSync(new TextEncoder().encode("NO TERMINAL: the tests of the prompt need `script`\n"));

function prompt(home: Home, ...args: string[]): TerminalProgram {
  return new TerminalProgram(home, ["--database.directory", ":memory:", ...args]);
}

function snippet(name: string): string {
  return Deno.readTextFileSync(new URL(`../scripts/snippets/${name}`, import.meta.url));
}

Deno.test({
  name: "the prompt evaluates, shows errors in red, and may be left with Ctrl-D",
  ignore,
  fn: async () => {
    using home = new Home();
    await using program = prompt(home);
    match(withoutEscapes(await program.see(PROMPT)), /Connected to the embedded database.*_system/);
    await program.type("let a = 20 + 1\r");
    await program.see(PROMPT);
    await program.type("let a = 21; a * 2\r");
    await program.see("42");
    await program.type("class A { n() { return 40 } }\rclass A { n() { return 43 } }\rnew A().n()\r");
    await program.see("43");
    await program.type("await Promise.resolve([1]).then(list => list.length + 76)\r");
    await program.see("77");
    await program.type("const later = await new Promise(good => good(88)); later\r");
    await program.see("88");
    await program.type("const typed: number = (98 as number) + 1; typed\r");
    await program.see("99");
    await program.type("throw new Error('bo' + 'om')\r");
    ok((await program.see("boom")).endsWith("\x1b[31mJavaScript exception: Error: boom"));
    match(withoutEscapes(await program.see(PROMPT)), /!throw new Error/);
    await program.type("db.nowhere.count()\r");
    await program.see(`Hint: there is no collection 'nowhere'; db._create("nowhere") makes it`);
    await program.see(PROMPT);
    await program.type("function f() {\r  return 'mul' +\r'tiple';\r}\rf()\r");
    match(withoutEscapes(await program.see("multiple")), /\.\.\.> /);
    await program.see(PROMPT);
    await program.type(CTRL_D);
    equal(await program.status(), 0);
  },
});

Deno.test({
  name: "both snippets of the page run when they are pasted, and leave no password behind",
  ignore,
  fn: async () => {
    using home = new Home();
    await using leader = await Served.start(home);
    const { port } = new URL(leader.endpoint.replace("tcp:", "http:"));
    const filled = await home.run(
      ["--server.endpoint", leader.endpoint, "--server.password", "secret"],
      `require("@arangodb/users").save("myuser", "mypasswd"); require("@arangodb/users").grantDatabase("myuser", "_system");
     db._create("test"); for (let i = 0; i < 100; i++) db.test.insert({ i });`,
    );
    equal(filled.status, 0, filled.output);
    const directory = `${home.path}/follower`;
    const detour = `leader.domain.org:8529:127.0.0.1:${port}`;
    await using program = new TerminalProgram(home, ["--database.directory", directory, "--connect-to", detour]);
    await program.see(PROMPT);
    // marked as pasted, and as if it was typed
    await program.type(`\x1b[200~${snippet("sync_collection.js").replaceAll("\n", "\r")}\x1b[201~`);
    await program.see("lastLogTick");
    await program.see(PROMPT);
    await program.type("db.test.count() + 1000\r");
    await program.see("1100");
    await program.type(snippet("sync_collection_async.js").replaceAll("\n", "\r"));
    await program.see("getSyncResult");
    await program.type(
      "for (let n = 0; n < 200 && !replication.getSyncResult(id); n++) require('internal').wait(0.1)\r",
    );
    await program.type("'ended ' + (replication.getSyncResult(id) !== false)\r");
    await program.see("ended true");
    await program.type("exit\r");
    await program.status();
    const history = Deno.readTextFileSync(`${home.path}/.denosh.history`);
    ok(history.includes("db.test.count()"));
    ok(!history.includes("mypasswd"), history);
  },
});

Deno.test({
  name: "Tab completes names, modules, collections and queries",
  ignore,
  fn: async () => {
    using home = new Home();
    await using program = prompt(home);
    await program.see(PROMPT);
    await program.type("db._create('flowers').insert({ colour: 'red' }); 1\r");
    await program.see(PROMPT);
    await program.type("db.flow");
    await program.type("\t");
    await program.see("db.flowers");
    await program.type(".cou");
    await program.type("\t");
    await program.see("db.flowers.count(");
    await program.type(") + 500\r");
    await program.see("501");
    await program.see(PROMPT);
    await program.type("require('@arangodb/gen");
    await program.type("\t");
    await program.see("@arangodb/general-graph");
    await program.type("')._list()\r");
    await program.see("[ ]");
    await program.see(PROMPT);
    Deno.mkdirSync(`${home.path}/tools`);
    home.file("tools/adder.js", "exports.add = (one, other) => one + other;");
    home.file("tools/readme.txt", "");
    await program.type(`require('${home.path}/to`);
    await program.type("\t");
    await program.see("tools/");
    await program.type("\t");
    await program.see("tools/adder.js");
    await program.type("').add(600, 66)\r");
    await program.see("666");
    await program.see(PROMPT);
    // a tab that comes together with other characters counts as pasted
    for (
      const [part, whole] of [["db._query('FOR f IN flow", "flowers"], [" FIL", "FILTER"], [
        " f.col",
        "f.colour",
      ]] as const
    ) {
      await program.type(part);
      await program.see(part.slice(-3));
      await program.type("\t");
      await program.see(whole);
    }
    await program.type(' == "red" RETURN LENG');
    await program.see("LENG");
    await program.type("\t");
    await program.see("LENGTH(");
  },
});

Deno.test({
  name: "Ctrl-C stops waits, queries, output and syncs, and keeps the shell",
  ignore,
  fn: async () => {
    using home = new Home();
    const spin = home.file(
      "spin.js",
      "exports.spin = (list) => {\n  for (const x of list) x.n;\n};\nexports.boom = () => { while (true) boom; };",
    );
    const busy = home.file("busy.js", "print('be' + 'gun');\nwhile (true) ;\n");
    await using program = prompt(home);
    await program.see(PROMPT);
    for (
      const command of [
        "print('be' + 'gun'); require('internal').wait(600)",
        "print('be' + 'gun'); db._query('FOR i IN 1..1000000000 FILTER i < 0 RETURN i')",
        "print('be' + 'gun'); for (let i = 0;; i++) print(i)",
        "print('be' + 'gun'); while (true) {}",
        "function spin() { for (;;) {} }\rprint('be' + 'gun'); spin()",
        "var endless = { *[Symbol.iterator]() { for (;;) yield 1; } }; print('be' + 'gun'); for (x of endless) x",
        `print('be' + 'gun'); require('${spin}').spin(endless)`,
        `require('internal').load('${busy}')`,
        "print('be' + 'gun'); await null; while (true) {}",
        "print('be' + 'gun'); print(Array.from({ length: 1e6 }, (_, i) => ({ i, text: 'x'.repeat(100) })))",
      ]
    ) {
      await program.type(`${command}\r`);
      await program.see("begun");
      await program.type(CTRL_C);
      await program.see("command locally aborted");
      await program.see(PROMPT);
    }
    await program.type("spin\r");
    await program.see("function spin() { for (;;) {} }\r\n\r\n");
    // places in files are those that the user sees in an editor
    await program.type(`require('${spin}').boom()\r`);
    const shown = withoutEscapes(await program.see("!exports.boom = () => { while (true) boom; };"));
    match(shown, /spin\.js' at 4,37: ReferenceError/);
    // a leader that never answers
    using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const held: Deno.Conn[] = [];
    let reached = Promise.withResolvers<void>();
    void (async () => {
      for await (const connection of silent) {
        held.push(connection);
        reached.resolve();
      }
    })().catch(() => {
      // the listener was closed
    });
    const { port } = silent.addr as Deno.NetAddr;
    await program.type(
      `print('be' + 'gun'); require('@arangodb/replication').syncCollection('x', { endpoint: 'tcp://127.0.0.1:${port}' })\r`,
    );
    await program.see("begun");
    await reached.promise;
    await program.type(CTRL_C);
    await program.see("command locally aborted");
    await program.see(PROMPT);
    await program.type(
      "for (let n = 0; n < 100 && db._sync_jobs.toArray()[0].state === 'running'; n++) require('internal').wait(0.1)\r",
    );
    await program.type("db._sync_jobs.toArray()[0].error.errorMessage\r");
    await program.see("stopped");
    await program.see(PROMPT);
    reached = Promise.withResolvers();
    await program.type(`require('@arangodb/request').get({ url: 'http://127.0.0.1:${port}/', timeout: 600 })\r`);
    await reached.promise;
    await program.type(CTRL_C);
    await program.see("command locally aborted");
    for (const connection of held) connection.close();
  },
});

Deno.test({
  name: "the history is searched with Ctrl-R, walked with the arrows, and there the next time",
  ignore,
  fn: async () => {
    using home = new Home();
    {
      await using program = prompt(home);
      await program.see(PROMPT);
      await program.type("'first ' + 6 * 7\r");
      await program.see("first 42");
      await program.type("'second'\r");
      await program.see("second");
      await program.type("const password = 'geheim'\rexit\r");
      equal(await program.status(), 0);
    }
    await using program = prompt(home);
    await program.see(PROMPT);
    await program.type(CTRL_R);
    await program.type("6 *");
    await program.see("'6 *'");
    await program.type("\r");
    await program.see("first 42");
    await program.see(PROMPT);
    await program.type("\x1b[A\x1b[A");
    await program.see("'second'");
    await program.type("\x15'typed " + "anew'\r");
    await program.see("typed anew\r\n");
    ok(!Deno.readTextFileSync(`${home.path}/.denosh.history`).includes("geheim"));
  },
});

Deno.test({
  name: "a paste of a megabyte arrives as it was",
  ignore,
  fn: async () => {
    using home = new Home();
    await using program = prompt(home);
    await program.see(PROMPT);
    const lines = Array.from({ length: 20_000 }, (_, i) => `  "${String(i).padStart(46, "x")}",`);
    await program.type(`var pasted = [\r${lines.join("\r")}\r];\r'lines: ' + pasted.length\r`);
    await program.see("lines: 20000");
  },
});

Deno.test({
  name: "colours are left out where NO_COLOR is set, timing is told on demand, commands are audited",
  ignore,
  fn: async () => {
    using home = new Home();
    const audit = `${home.path}/audit`;
    const args = ["--database.directory", ":memory:", "--console.audit-file", audit, "--console.prompt", "<%d> "];
    await using program = new TerminalProgram(home, args, { NO_COLOR: "1" });
    ok(!(await program.see("<_system> ")).includes("\x1b[1;3"));
    await program.type("timing on\r");
    await program.see("timing is on");
    await program.type("[1, 'x']\r");
    const shown = await program.see(" s\r\n");
    ok(!shown.includes("\x1b[3") && !shown.includes("\x1b[1;3"), JSON.stringify(shown));
    match(shown, /\d\.\d{6} s/);
    await program.type("const password = 'geheim'\rexit\r");
    equal(await program.status(), 0);
    const noted = Deno.readTextFileSync(audit);
    match(noted, /<_system> \[1, 'x'\]\n\[ \n {2}1, \n {2}"x" \n\]\n/);
    ok(!noted.includes("geheim"));
  },
});

Deno.test({
  name: "a history and an audit that take nothing are told of once, and the shell goes on",
  ignore: ignore || Deno.build.os !== "linux",
  fn: async () => {
    using home = new Home();
    Deno.mkdirSync(`${home.path}/.denosh.history`);
    await using program = prompt(home, "--console.audit-file", "/dev/full", "--console.colors", "false");
    await program.see("cannot log to '/dev/full' any more: No space left on device");
    await program.see(PROMPT);
    await program.type("40 + 2\r");
    await program.see(`cannot keep the history of commands in '${home.path}/.denosh.history': Is a directory`);
    await program.see("\r\n42\r\n");
    await program.type("40 + 3\r");
    ok(!(await program.see("\r\n43\r\n")).includes("cannot"));
    await program.see(PROMPT);
    await program.type("\x1b[A\x1b[A\r");
    await program.see("\r\n42\r\n");
    await program.type(CTRL_D);
    equal(await program.status(), 0);
  },
});

Deno.test({
  name: "output goes through the pager while it is on, without colours",
  ignore,
  fn: async () => {
    using home = new Home();
    await using program = prompt(home, "--console.pager-command", "sed 's/^/| /'");
    await program.see(PROMPT);
    await program.type("start_pager()\r");
    await program.see("Using pager sed 's/^/| /' for output buffering.");
    await program.see(PROMPT);
    await program.type("start_pager(); [21 * 2]\r");
    ok((await program.see("|   42")).includes("| Using pager already."));
    await program.see(PROMPT);
    // the command that stops it has begun with it
    await program.type("print('before'); stop_pager(); 6 * 111\r");
    ok(withoutEscapes(await program.see("| 666")).includes("| before\r\n| Stopping pager.\r\n"));
    await program.see(PROMPT);
    await program.type("7 * 111\r");
    ok(!(await program.see("777")).includes("| "));
  },
});

Deno.test({
  name: "Ctrl-C ends a pager, and the shell goes on",
  ignore,
  fn: async () => {
    using home = new Home();
    // like a pager it waits for keys; a second command after `cat` might miss a signal that comes while it is started
    const pager = "cat; read -r key < /dev/tty";
    await using program = prompt(home, "--console.pager", "true", "--console.pager-command", pager);
    await program.see(PROMPT);
    await program.type("6 * 111\r");
    await program.see("666");
    await program.type(CTRL_C);
    await program.see(PROMPT);
    await program.type("7 * 111\r");
    await program.see("777");
  },
});

Deno.test({
  name: "Ctrl-C ends `denosh sync`",
  ignore,
  fn: async () => {
    using home = new Home();
    using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = silent.addr as Deno.NetAddr;
    const args = ["sync", `tcp://127.0.0.1:${port}`, "things", "--database.directory", `${home.path}/follower`];
    await using program = new TerminalProgram(home, args);
    // a leader that never answers
    using _connection = await silent.accept();
    await program.type(CTRL_C);
    equal(await program.status(), 130);
  },
});

Deno.test({
  name: "a password is asked for on the terminal, and not shown",
  ignore,
  fn: async () => {
    using home = new Home();
    await using server = await Served.start(home);
    await using program = new TerminalProgram(home, ["--server.endpoint", server.endpoint]);
    await program.see("Please specify a password: ");
    await program.type("secret\r");
    const shown = await program.see("@_system> ");
    match(shown, /Connected to ArangoDB 'http\+tcp:\/\/127\.0\.0\.1:\d+, version: 3\.12\.5 \[SINGLE, server\]/);
    ok(!shown.includes("secret"));
  },
});

Deno.test({
  name: "Ctrl-Z leaves the line for the user's shell, and fg comes back to it",
  ignore,
  fn: async () => {
    using home = new Home();
    const userShell = (command: string) => `exec sh -mc ${quoted(`${command}; echo has stopped; fg > /dev/null`)}`;
    await using program = new TerminalProgram(home, ["--database.directory", ":memory:"], {}, userShell);
    await program.see(PROMPT);
    await program.type("'abc\x1a");
    await program.see("^Z");
    await program.see("has stopped");
    await program.see(PROMPT);
    await program.type("def' + 6 * 111\r");
    await program.see("abcdef666");
    await program.type("exit\r");
    equal(await program.status(), 0);
  },
});

Deno.test({
  name:
    "a command that is not complete is thrown away; wide characters, carriage returns and long lines arrive as they were",
  ignore,
  fn: async () => {
    using home = new Home();
    await using program = prompt(home);
    await program.see(PROMPT);
    for (const leave of [CTRL_C, `\r${CTRL_D}`]) {
      await program.type("var left = [\r  1,\r");
      await program.see("...> ");
      await program.see("1");
      await program.see("...> ");
      await program.type(`  2${leave}`);
      await program.see(PROMPT);
      await program.type("typeof left + '!'\r");
      await program.see("undefined!");
      await program.see(PROMPT);
    }
    await program.type('"日本語😀é\u0301".length + "!"\r');
    await program.see("7!");
    await program.see(PROMPT);
    await program.type("\x1b[200~var a = `one\r\ntwo`;\r\na.length + '?'\r\n\x1b[201~");
    await program.see("7?");
    await program.see(PROMPT);
    await program.type(`"${"z".repeat(5000)}".length + "#"\r`);
    await program.see("5000#");
  },
});

Deno.test({
  name: "a server of another version is told of, quiet or not",
  ignore,
  fn: async () => {
    using home = new Home();
    const version = { server: "arango", license: "community", version: "4.1.0", details: { role: "SINGLE" } };
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      ({ url }) => url.includes("/_api/version") ? Response.json(version) : new Response("", { status: 404 }),
    );
    const endpoint = `tcp://127.0.0.1:${server.addr.port}`;
    for (const quiet of ["true", "false"]) {
      const options = ["--server.endpoint", endpoint, "--server.password", "", "--quiet", quiet];
      await using program = new TerminalProgram(home, options);
      const shown = await program.see("@_system> ");
      match(
        withoutEscapes(shown),
        /Client\/server version mismatch detected\. arangosh version: 3\.12\.5, server version: 4\.1\.0\r\n/,
      );
      equal(/tutorial/.test(shown), quiet === "false");
    }
  },
});
