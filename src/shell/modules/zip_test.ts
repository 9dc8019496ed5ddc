import assert from "node:assert/strict";
import fc from "fast-check";
import { fakeShell } from "../fake_connection.ts";

/** Runs a script with a temporary directory `dir`. */
function run(script: string): unknown {
  const { shell } = fakeShell();
  try {
    return shell.run(`(function () { var fs = require("fs"), dir = fs.getTempPath(); ${script} })()`);
  } finally {
    shell[Symbol.dispose]();
  }
}

Deno.test("any files that are packed come out of the archive again", () => {
  const { shell } = fakeShell();
  const zip = shell.require("denosh/zip") as {
    pack(files: { name: string; bytes: Uint8Array }[]): Uint8Array;
    unpack(archive: Uint8Array): { name: string; bytes: Uint8Array }[];
  };
  const file = fc.record({ name: fc.string({ minLength: 1, unit: "grapheme" }), bytes: fc.uint8Array() });
  fc.assert(
    fc.property(fc.array(file, { maxLength: 5 }), (files) => {
      const found = zip.unpack(zip.pack(files));
      assert.deepEqual(
        Array.from(found, ({ name, bytes }) => [name, Array.from(bytes)]),
        files.map(({ name, bytes }) => [name, Array.from(bytes)]),
      );
    }),
    { numRuns: 50 },
  );
});

Deno.test("zipFile and unzipFile keep directories, overwrite nothing unasked and notice damage", () => {
  assert.equal(
    run(`
      var errorOf = function (run) { try { run(); return 0; } catch (e) { return e.errorNum; } };
      fs.makeDirectoryRecursive(dir + "/in/sub");
      fs.write(dir + "/in/a", "one"); fs.write(dir + "/in/sub/b", "two");
      fs.zipFile(dir + "/x.zip", dir + "/in", ["a", "sub/b"]);
      fs.unzipFile(dir + "/x.zip", dir + "/out");
      fs.unzipFile(dir + "/x.zip", dir + "/flat", true);
      fs.write(dir + "/bad.zip", fs.readBuffer(dir + "/x.zip").slice(0, 60));
      return [
        fs.read(dir + "/out/a"), fs.read(dir + "/out/sub/b"), fs.list(dir + "/flat").sort().join(),
        errorOf(function () { fs.unzipFile(dir + "/x.zip", dir + "/out"); }),
        errorOf(function () { fs.unzipFile(dir + "/x.zip", dir + "/out", false, true); }),
        errorOf(function () { fs.zipFile(dir + "/x.zip", dir + "/in", ["a"]); }),
        errorOf(function () { fs.unzipFile(dir + "/bad.zip", dir + "/out2"); }),
        errorOf(function () { fs.unzipFile(dir + "/x.zip", dir + "/out2", false, false, "secret"); }),
      ].join(" ");`),
    "one two a,b 16 0 16 4 9",
  );
});
