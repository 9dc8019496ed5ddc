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
    pack(files: { name: string; bytes: Uint8Array }[], password?: string): Uint8Array;
    unpack(archive: Uint8Array, password?: string): { name: string; bytes: Uint8Array }[];
  };
  const file = fc.record({ name: fc.string({ minLength: 1, unit: "grapheme" }), bytes: fc.uint8Array() });
  fc.assert(
    fc.property(fc.array(file, { maxLength: 5 }), fc.constantFrom("", "sésame"), (files, password) => {
      const found = zip.unpack(zip.pack(files, password), password);
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
    "one two a,b 16 0 16 4 0",
  );
});

Deno.test("zipFile takes the directory off absolute names, which keep all but the root without one", () => {
  assert.equal(
    run(`
      fs.write(dir + "/a", "one");
      fs.zipFile(dir + "/x.zip", dir, [dir + "/a"]);
      fs.zipFile(dir + "/y.zip", "", [dir + "/a"]);
      fs.unzipFile(dir + "/x.zip", dir + "/x"); fs.unzipFile(dir + "/y.zip", dir + "/y");
      return fs.list(dir + "/x").join() + " " + fs.read(dir + "/y" + dir + "/a");`),
    "a one",
  );
});

Deno.test("an archive with a password opens with that password only", () => {
  assert.equal(
    run(`
      var textOf = function (run) { try { return run(); } catch (e) { return e.errorNum + " " + e.message; } };
      fs.write(dir + "/a", "one");
      fs.zipFile(dir + "/x.zip", dir, ["a"], "secret");
      return [
        textOf(function () { fs.unzipFile(dir + "/x.zip", dir + "/1"); }),
        fs.unzipFile(dir + "/x.zip", dir + "/2", false, false, "secret") && fs.read(dir + "/2/a"),
        ["a", "b", "c"].filter(function (word) {
          return /^4 /.test(textOf(function () { return fs.unzipFile(dir + "/x.zip", dir + "/3", false, true, word); }));
        }).length,
      ].join("|");`),
    "4 'a' is encrypted: a password is needed|one|3",
  );
});

/** What `zip -X -P pw` of Info-ZIP has made of the files `a` and `sub/b`. */
const ENCRYPTED_ELSEWHERE = [
  "UEsDBAoACQAAAMmad12GphA2EQAAAAUAAAABAAAAYcfQg97iKgfhILlUS7s/jxPXUEsHCIamEDYRAAAABQAAAFBLAwQUAAkACADJ",
  "mndd/Iir+BYAAAAnAAAABQAAAHN1Yi9iQp4YPU6EYGg9VS5Ac8ykPK72tFYfvFBLBwj8iKv4FgAAACcAAABQSwECHgMKAAkAAADJ",
  "mnddhqYQNhEAAAAFAAAAAQAAAAAAAAABAAAApIEAAAAAYVBLAQIeAxQACQAIAMmad138iKv4FgAAACcAAAAFAAAAAAAAAAEAAACk",
  "gUAAAABzdWIvYlBLBQYAAAAAAgACAGIAAACJAAAAAAA=",
].join("");

Deno.test("archives that another program has encrypted can be read", () => {
  assert.equal(
    run(`
      fs.write(dir + "/x.zip", new Buffer("${ENCRYPTED_ELSEWHERE}", "base64"));
      fs.unzipFile(dir + "/x.zip", dir, false, false, "pw");
      return fs.read(dir + "/a") + " " + fs.read(dir + "/sub/b").length;`),
    "hello 39",
  );
});
