/* The module fs: files, directories, links and archives below the temporary directory. */
"use strict";
const jsunity = require("jsunity");
const fs = require("fs");
const { errors } = require("@arangodb");
const { assertFails, thrownBy } = require("assertions");

const BAD_PARAMETER = errors.ERROR_BAD_PARAMETER.code;
const SYSTEM = errors.ERROR_SYS_ERROR.code;
const NOT_FOUND = errors.ERROR_FILE_NOT_FOUND.code;
const CANNOT_OVERWRITE = errors.ERROR_CANNOT_OVERWRITE_FILE.code;

/** A directory of its own for each test, and names below it. */
let root;
const at = (...parts) => fs.join(root, ...parts);
const fixtures = {
  setUp: function () {
    root = fs.getTempFile("UnitTestsFiles", false);
    fs.makeDirectoryRecursive(root);
  },
  tearDown: function () {
    fs.removeDirectoryRecursive(root);
  },
};

function FilesSuite() {
  return {
    ...fixtures,

    testContentsComeBackAsTheyWereWritten: function () {
      const file = at("a.txt");
      assertTrue(fs.write(file, "äöü€\n"));
      assertEqual("äöü€\n", fs.read(file));
      assertEqual(10, fs.size(file));
      assertTrue(fs.append(file, "more"));
      assertEqual("äöü€\nmore", fs.read(file));
      assertTrue(fs.append(at("new"), "begun"));
      assertEqual("begun", fs.read(at("new")));
      assertTrue(fs.write(file, ""));
      assertEqual("", fs.read(file));
      assertEqual(0, fs.size(file));
      fs.writeFileSync(file, "again");
      assertEqual("again", fs.read(file));
    },

    testBytesComeBackAsTheyWereWritten: function () {
      const file = at("bytes");
      fs.write(file, new Buffer([0, 255, 128, 10]));
      const read = fs.readBuffer(file);
      assertTrue(Buffer.isBuffer(read));
      assertEqual([0, 255, 128, 10], Array.from(read));
      assertEqual("AP+ACg==", fs.read64(file));
      fs.append(file, new Buffer([1]));
      assertEqual(5, fs.size(file));
    },

    testEncodingsOfReadFileSync: function () {
      const file = at("text");
      fs.write(file, "hé");
      assertEqual([0x68, 0xc3, 0xa9], Array.from(fs.readFileSync(file)));
      assertEqual("hé", fs.readFileSync(file, "utf8"));
      assertEqual("hé", fs.readFileSync(file, "utf-8"));
      assertEqual("68c3a9", fs.readFileSync(file, "hex"));
      assertEqual("aMOp", fs.readFileSync(file, "base64"));
      fs.write(file, new Buffer([104, 0, 105, 0]));
      ["ucs2", "ucs-2", "utf16le"].forEach((name) => assertEqual("hi", fs.readFileSync(file, name), name));
      fs.write(file, new Buffer([0, 104, 0, 105]));
      assertEqual("hi", fs.readFileSync(file, "utf16be"));
    },

    testCompressedAndPlainFilesAreReadByReadGzip: function () {
      // "hello\n" as gzip packs it
      fs.write(at("a.gz"), new Buffer("H4sIAAAAAAAAA8tIzcnJ5wIAIDA6NgYAAAA=", "base64"));
      assertEqual("hello\n", fs.readGzip(at("a.gz")));
      fs.write(at("plain"), "plain");
      assertEqual("plain", fs.readGzip(at("plain")));
    },

    testKindsOfFiles: function () {
      fs.write(at("file"), "x");
      fs.makeDirectory(at("directory"));
      fs.linkFile(at("file"), at("link"));
      fs.linkFile(at("nothing"), at("broken"));
      const kinds = (path) => [fs.exists(path), fs.isFile(path), fs.isDirectory(path)];
      assertEqual([true, true, false], kinds(at("file")));
      assertEqual([true, false, true], kinds(at("directory")));
      assertEqual([true, true, false], kinds(at("link")));
      assertEqual([false, false, false], kinds(at("broken")));
      assertEqual([false, false, false], kinds(at("nothing")));
      const now = require("internal").time();
      assertTrue(Math.abs(now - fs.mtime(at("file"))) < 3600);
      assertEqual(Math.floor(fs.mtime(at("file"))), fs.mtime(at("file")));
    },

    testAdler32: function () {
      fs.write(at("file"), "Wikipedia");
      assertEqual(0x11e60398, fs.adler32(at("file")));
      fs.write(at("empty"), "");
      assertEqual(1, fs.adler32(at("empty")));
    },

    testRights: function () {
      fs.write(at("file"), "x");
      assertTrue(fs.chmod(at("file"), "0400"));
      assertEqual("x", fs.read(at("file")));
      assertTrue(fs.chmod(at("file"), "0644"));
      for (const mode of ["", "rw", "0999", "99"]) assertFails(BAD_PARAMETER, () => fs.chmod(at("file"), mode));
      assertFails(NOT_FOUND, () => fs.chmod(at("nothing"), "0644"));
    },

    testTemporaryFiles: function () {
      const path = fs.getTempPath();
      assertTrue(fs.isDirectory(path));
      assertEqual(path, fs.makeAbsolute(path));
      const names = [fs.getTempFile(), fs.getTempFile(null, false), fs.getTempFile("UnitTestsFiles", false)];
      for (const name of names) {
        assertEqual(0, name.indexOf(path));
        assertFalse(fs.exists(name));
      }
      assertEqual(3, new Set(names).size);
      const made = fs.getTempFile("UnitTestsFiles", true);
      assertTrue(fs.isFile(made));
      assertEqual(0, fs.size(made));
      fs.remove(made);
      const inside = fs.getTempFile(root, true);
      assertEqual([inside], fs.list(root).map((name) => at(name)));
    },
  };
}

function DirectoriesSuite() {
  return {
    ...fixtures,

    testDirectoriesAreMadeAndRemoved: function () {
      fs.makeDirectory(at("a"));
      assertEqual("File exists", assertFails(SYSTEM, () => fs.makeDirectory(at("a"))).message);
      assertFails(NOT_FOUND, () => fs.makeDirectory(at("b", "c")));
      fs.makeDirectoryRecursive(at("b", "c", "d"));
      fs.makeDirectoryRecursive(at("b", "c", "d"));
      assertTrue(fs.isDirectory(at("b", "c", "d")));
      assertFails(SYSTEM, () => fs.removeDirectory(at("b")));
      fs.removeDirectory(at("b", "c", "d"));
      assertFalse(fs.exists(at("b", "c", "d")));
      fs.removeDirectoryRecursive(at("b"));
      assertFalse(fs.exists(at("b")));
    },

    testRemovingWhatIsNot: function () {
      fs.write(at("file"), "x");
      assertFails(SYSTEM, () => fs.remove(root));
      assertFails(NOT_FOUND, () => fs.remove(at("nothing")));
      for (const path of [at("file"), at("nothing")]) {
        assertFails(BAD_PARAMETER, () => fs.removeDirectory(path));
        assertFails(BAD_PARAMETER, () => fs.removeDirectoryRecursive(path));
      }
      fs.remove(at("file"));
      assertEqual([], fs.list(root));
    },

    testLinksAreRemovedAndNotWhatTheyLeadTo: function () {
      fs.write(at("file"), "x");
      fs.linkFile(at("file"), at("link"));
      assertFails(SYSTEM, () => fs.linkFile(at("file"), at("link")));
      assertEqual("x", fs.read(at("link")));
      fs.remove(at("link"));
      assertEqual(["file"], fs.list(root));
    },

    testListings: function () {
      fs.makeDirectoryRecursive(at("b", "c"));
      fs.write(at("b", "c", "z"), "");
      fs.write(at("b", "a"), "");
      fs.write(at("d"), "");
      fs.linkFile(at("b"), at("link"));
      assertEqual(["b", "d", "link"], fs.list(root));
      assertEqual(["", "b", "b/a", "b/c", "b/c/z", "d", "link"], fs.listTree(root));
      fs.makeDirectory(at("empty"));
      assertEqual([], fs.list(at("empty")));
      assertEqual([""], fs.listTree(at("empty")));
      assertFails(SYSTEM, () => fs.list(at("d")));
      assertFails(NOT_FOUND, () => fs.list(at("nothing")));
      assertFails(NOT_FOUND, () => fs.listTree(at("nothing")));
    },

    testMoving: function () {
      fs.write(at("a"), "x");
      fs.makeDirectory(at("directory"));
      fs.move(at("a"), at("b"));
      assertEqual(["b", "directory"], fs.list(root));
      assertFails(NOT_FOUND, () => fs.move(at("a"), at("c")));
      assertFails(BAD_PARAMETER, () => fs.move(at("b"), at("directory")));
      fs.move(at("directory"), at("renamed"));
      fs.makeDirectory(at("directory"));
      assertFails(BAD_PARAMETER, () => fs.move(at("renamed"), at("directory")));
      fs.write(at("c"), "old");
      fs.move(at("b"), at("c"));
      assertEqual("x", fs.read(at("c")));
    },

    testCopying: function () {
      fs.write(at("a"), "x");
      fs.makeDirectoryRecursive(at("from", "inner"));
      fs.copyFile(at("a"), at("b"));
      fs.copyFile(at("a"), at("from", "inner"));
      assertEqual("x", fs.read(at("b")));
      assertEqual("x", fs.read(at("from", "inner", "a")));
      fs.copyRecursive(at("from"), at("to"));
      assertEqual(fs.listTree(at("from")), fs.listTree(at("to")));
      assertEqual("x", fs.read(at("to", "inner", "a")));
      assertFails(NOT_FOUND, () => fs.copyFile(at("nothing"), at("c")));
      assertFails(NOT_FOUND, () => fs.copyRecursive(at("nothing"), at("c")));
      assertFails(BAD_PARAMETER, () => fs.copyRecursive(at("a"), at("to")));
      assertFails(BAD_PARAMETER, () => fs.copyRecursive(at("from"), at("to")));
    },

    testArchives: function () {
      fs.write(at("a"), "x");
      fs.makeDirectory(at("inner"));
      fs.write(at("inner", "b"), "y");
      const archive = at("archive.zip");
      assertTrue(fs.zipFile(archive, root, ["a", "inner/b"]));
      assertFails(CANNOT_OVERWRITE, () => fs.zipFile(archive, root, ["a"]));
      assertTrue(fs.unzipFile(archive, at("out")));
      assertEqual(["", "a", "inner", "inner/b"], fs.listTree(at("out")));
      fs.write(at("out", "a"), "changed");
      assertFails(CANNOT_OVERWRITE, () => fs.unzipFile(archive, at("out"), false, false));
      assertEqual("changed", fs.read(at("out", "a")));
      assertTrue(fs.unzipFile(archive, at("out"), false, true));
      assertEqual("x", fs.read(at("out", "a")));
      assertTrue(fs.unzipFile(archive, at("flat"), true));
      assertEqual(["", "a", "b"], fs.listTree(at("flat")));
      assertFails(NOT_FOUND, () => fs.zipFile(at("other.zip"), root, ["nothing"]));
      assertFails(NOT_FOUND, () => fs.unzipFile(at("other.zip"), at("out")));
    },

    testArchivesWithAPassword: function () {
      fs.write(at("a"), "secret");
      assertTrue(fs.zipFile(at("archive.zip"), root, ["a"], "password"));
      assertTrue(fs.unzipFile(at("archive.zip"), at("out"), false, false, "password"));
      assertEqual("secret", fs.read(at("out", "a")));
      assertException(() => fs.unzipFile(at("archive.zip"), at("other"), false, false, "wrong"));
    },
  };
}

function PathsSuite() {
  return {
    testJoin: function () {
      assertEqual("folder/file.ext", fs.join("folder", "file.ext"));
      assertEqual("/a/c", fs.join("/a/", "b", "../c"));
      assertEqual("a", fs.join("a"));
      for (const part of [1, null, undefined, {}]) {
        assertInstanceOf(TypeError, thrownBy(() => fs.join("a", part)), String(part));
      }
    },

    testSafeJoinDoesNotLeaveItsDirectory: function () {
      assertEqual("/base/a/b", fs.safeJoin("/base", "a", "b"));
      assertEqual("/base/b", fs.safeJoin("/base", "a/../b"));
      assertException(() => fs.safeJoin("/base", "../other"));
      assertException(() => fs.safeJoin("/base", "a/../../other"));
    },

    testAbsoluteAndNormalPaths: function () {
      assertEqual("/a/b", fs.makeAbsolute("/a/b"));
      assertEqual(fs.join(require("process").cwd(), "a"), fs.makeAbsolute("a"));
      assertEqual("/b/c", fs.normalize("/a/../b/./c"));
      assertEqual("a/b", fs.normalize("a//b"));
      assertEqual("/", fs.pathSeparator);
      assertTrue(fs.isDirectory(fs.home()));
    },
  };
}

function UsageSuite() {
  const USAGES = {
    exists: "<path>",
    isFile: "<path>",
    isDirectory: "<path>",
    size: "<path>",
    mtime: "<filename>",
    makeAbsolute: "<path>",
    list: "<path>",
    listTree: "<path>",
    makeDirectory: "<path>",
    makeDirectoryRecursive: "<path>",
    remove: "<filename>",
    removeDirectory: "<path>",
    removeDirectoryRecursive: "<path>",
    move: "<source>, <destination>",
    copyFile: "<source>, <destination>",
    copyRecursive: "<source>, <destination>",
    chmod: "<path>, <mode>",
    read: "<filename>",
    read64: "<filename>",
    readBuffer: "<filename>",
    write: "<filename>, <content>",
    append: "<filename>, <content>",
  };
  return {
    testCallsWithoutArgumentsTellTheUsage: function () {
      for (const [name, parameters] of Object.entries(USAGES)) {
        const error = assertFails(BAD_PARAMETER, () => fs[name]());
        assertEqual(`usage: ${name}(${parameters})`, error.message);
        assertEqual(400, error.code);
      }
    },

    testReadingWhatIsNotThere: function () {
      const missing = fs.join(fs.getTempPath(), "nothing");
      for (const name of ["size", "mtime", "read", "read64", "readBuffer", "readFileSync", "readGzip", "adler32"]) {
        assertEqual(404, assertFails(NOT_FOUND, () => fs[name](missing)).code, name);
      }
      assertFails(NOT_FOUND, () => fs.write(fs.join(missing, "inner"), "x"));
      for (const name of ["read", "readBuffer", "adler32"]) assertFails(SYSTEM, () => fs[name](fs.getTempPath()));
      assertFails(SYSTEM, () => fs.write(fs.getTempPath(), "x"));
    },
  };
}

jsunity.run(FilesSuite);
jsunity.run(DirectoriesSuite);
jsunity.run(PathsSuite);
jsunity.run(UsageSuite);
return jsunity.done();
