import { deepEqual, equal, match } from "node:assert/strict";
import { Home, Served } from "./program.ts";

Deno.test("log records have the form, the topics and the outputs that the command line asks for", async () => {
  using home = new Home();
  const script = home.file("log.js", "console.warn('w\\x07é'); console.info('i');\nthrow new Error('no');\n");
  const run = (...args: string[]) => home.run([...args, script]);
  const json = await run("--log.use-json-format", "--log.prefix", ">", "--log.role", "--log.process", "false");
  const [first] = json.output.split("\n").map((line) => line && JSON.parse(line));
  const { time, ...rest } = first;
  match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  deepEqual(rest, {
    prefix: ">",
    tid: 1,
    role: "U",
    level: "WARNING",
    topic: "general",
    id: "8a210",
    message: "w\x07é",
  });
  const plain = await run("--log.time-format", "timestamp", "--log.ids", "false", "--log.level", "warning");
  match(
    plain.output,
    /^\d+ \[\d+-1\] WARNING \{general\} w\\x07é\n\d+ \[\d+-1\] ERROR \{general\} JavaScript exception/,
  );
  const stacks = await run("--log.level", "all=fatal", "--log.level", "v8=debug", "--log.output", "v8=+");
  equal(stacks.output, "");
  match(stacks.errors, /^[^\n]* DEBUG \[\w+\] \{v8\} stacktrace: Error: no\n/);
  const strange = await run("--log.level", "loud");
  match(strange.output, /^[^\n]* ERROR [^\n]* unknown log level 'loud', known are fatal, [^\n]*\n[^\n]* WARNING /);
  const nowhere = await run("--log.file", `${home.path}/none/log`);
  match(nowhere.errors, /^denosh: FATAL cannot write the log file '[^']*\/none\/log': No such file [^\n]*\n$/);
  equal(nowhere.status, 1);
});

Deno.test("outputs of the log have topics and levels of their own; unknown ones end the program", async () => {
  using home = new Home();
  const file = `${home.path}/shell.log`;
  const run = (...outputs: string[]) =>
    home.run([
      ...outputs.flatMap((output) => ["--log.output", output]),
      ...["--log.ids", "false", "--log.time-format", "uptime", "--log.process", "false", "--log.thread", "false"],
      ...["--javascript.execute-string", "console.warn('one'); console.debug('two'); console.error('three')"],
    ]);
  const { output, errors } = await run(
    "-;all=error",
    "+;v8=trace,general=debug",
    "v8=-",
    `file://${file};general=fatal`,
  );
  match(output, /^\d+ ERROR \{general\} three\n$/);
  deepEqual(errors.match(/[A-Z]{5,} .*/g), ["WARNING {general} one", "DEBUG {general} two", "ERROR {general} three"]);
  equal(Deno.readTextFileSync(file), "");
  for (const target of ["ftp://log", "shell.log", "v8=udp://x"]) {
    const { status, errors } = await run(target);
    equal(status, 1);
    match(errors, /^denosh: FATAL unknown log output '[^=']+', known are -, \+, /);
  }
});

Deno.test("records go to syslog with their facility, severity and name, or are told on standard error", async () => {
  using home = new Home();
  Deno.mkdirSync(`${home.path}/bin`);
  const seen = `${home.path}/seen`;
  home.file("bin/logger", `#!/bin/sh\nfor word; do printf '%s|' "$word" >> ${seen}; done; echo >> ${seen}\n`);
  Deno.chmodSync(`${home.path}/bin/logger`, 0o755);
  const run = (target: string, path: string) =>
    home.run(["--log.output", target, "--javascript.execute-string", "console.warn('one\\n\\0two')"], "", {
      PATH: path,
    });
  const path = `${home.path}/bin:${Deno.env.get("PATH")}`;
  deepEqual(await run("syslog://local3/nightly", path), { status: 0, output: "", errors: "" });
  match(
    Deno.readTextFileSync(seen),
    /\|--tag\|nightly\|--priority\|local3\.warning\|--\|\{general\} one\n\\x00two\|\n$/,
  );
  match(
    (await run("syslog://nowhere", path)).errors,
    /^denosh: FATAL unknown facility of syslog 'nowhere', known are /,
  );
  home.file("bin/logger", "#!/bin/sh\necho 'no socket' >&2; exit 1\n");
  match(
    (await run("syslog://user", path)).errors,
    /^cannot write to syslog: no socket\n[^\n]* WARNING [^\n]* one\n\\x00two\n$/,
  );
});

Deno.test("a log record that its file does not take, as on a full disk, is told on standard error", async () => {
  using home = new Home();
  const { output, errors, status } = await home.run(
    ["--log.file", "/dev/full", "--javascript.execute-string", "console.warn('seen'); print('goes on');"],
  );
  equal(output, "goes on\n");
  match(errors, /^cannot write the log file '\/dev\/full': [^\n]+\n[^\n]+ WARNING [^\n]+ seen\n$/);
  equal(status, 0);
});

Deno.test("a server writes its log where the command line says, from the level that it says", async () => {
  using home = new Home();
  const file = `${home.path}/server.log`;
  const form = ["--log.ids", "false", "--log.process", "false", "--log.thread", "false", "--log.role"];
  await using server = await Served.start(home, "--log.file", file, "--log.level", "general=warning", ...form);
  const script = `db._executeTransaction({collections: {}, action: function () {
    console.info("quiet"); console.warn("loud"); }});`;
  const place = ["--server.endpoint", server.endpoint, "--server.password", "secret"];
  equal((await home.run([...place, "--javascript.execute-string", script])).status, 0);
  match(Deno.readTextFileSync(file), /^\S+Z S WARNING \{general\} loud\n$/);
});
