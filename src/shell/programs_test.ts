import assert from "node:assert/strict";
import { accessRules } from "./access_rules.ts";
import { fakeShell } from "./fake_connection.ts";

/** What a script returns as JSON, in a shell that may start programs. */
function value(script: string): unknown {
  const { shell } = fakeShell(undefined, { access: accessRules({ processControl: true }) });
  try {
    const text = shell.run(
      `JSON.stringify((function (internal, fs) { ${script} })(require("internal"), require("fs")))`,
    );
    return JSON.parse(text as string);
  } finally {
    shell[Symbol.dispose]();
  }
}

Deno.test("executeExternalAndWait tells how a program has ended, and takes variables and a directory", () => {
  assert.deepEqual(
    value(`
      var run = function (code, timeout) {
        var result = internal.executeExternalAndWait("/bin/sh", ["-c", code], false, timeout, ["WORD=a=b"], "/tmp");
        delete result.pid;
        return result;
      };
      return [run("test $WORD = a=b && test $PWD = /tmp && exit 3"), run("kill -6 $$"), run("sleep 60", 50),
        internal.getExternalSpawned()];`),
    [{ status: "TERMINATED", exit: 3 }, { status: "ABORTED", signal: 6 }, { status: "TIMEOUT" }, []],
  );
});

Deno.test("a program that was started can be watched, suspended, continued and killed; then it is forgotten", () => {
  assert.deepEqual(
    value(`
      var pid = internal.executeExternal("sleep", ["60"]).pid, seen = [];
      var status = function () { seen.push(internal.statusExternal(pid).status); };
      status();
      seen.push(internal.statusExternal(pid, true, 20).status, internal.getExternalSpawned().length);
      internal.suspendExternal(pid); internal.sleep(0.1); status();
      internal.continueExternal(pid); internal.sleep(0.1); status();
      seen.push(internal.statisticsExternal(pid).residentSize > 0, internal.setPriorityExternal(pid, 10));
      seen.push(internal.killExternal(pid).signal);
      status();
      return seen;`),
    ["RUNNING", "TIMEOUT", 1, "STOPPED", "RUNNING", true, true, 15, "NOT-FOUND"],
  );
});

Deno.test("pipes lead to a program and back, also for output that is longer than one piece", () => {
  assert.deepEqual(
    value(`
      var cat = internal.executeExternal("cat", [], true);
      fs.writePipe(cat, "hällo\\n");
      var answer = fs.readPipe(cat);
      fs.closePipe(cat, false);
      var end = fs.readPipe(cat), length = 0, piece;
      var head = internal.executeExternal("head", ["-c", "300000", "/dev/zero"], true);
      while ((piece = fs.readPipe(head)) !== "") length += piece.length;
      return [answer, end, internal.statusExternal(cat.pid, true).exit, length, internal.statusExternal(head.pid, true).exit];`),
    ["hällo\n", "", 0, 300000, 0],
  );
});

Deno.test("what cannot be started, or was not started here, is an error", () => {
  assert.deepEqual(
    value(`
      var errorOf = function (run) { try { run(); } catch (e) { return e.errorNum; } };
      return [
        errorOf(function () { internal.executeExternal("/no/such/program"); }),
        errorOf(function () { internal.executeExternal(); }),
        errorOf(function () { internal.statusExternal("x"); }),
        errorOf(function () { fs.readPipe({ pid: 1 }); }),
        errorOf(function () { fs.readPipe(); }),
        internal.killExternal(1).status,
        internal.suspendExternal(1),
      ];`),
    [2, 10, 10, 2, 10, "NOT-FOUND", false],
  );
});

Deno.test("without --javascript.allow-external-process-control no program is started or looked at", () => {
  const { shell } = fakeShell();
  for (
    const call of ["executeExternal('true')", "executeExternalAndWait('true')", "statusExternal(1)", "killExternal(1)"]
  ) {
    assert.throws(
      () => shell.run(`require("internal").${call}`),
      /not allowed to execute or modify state of external processes/,
    );
  }
});
