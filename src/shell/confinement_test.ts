/** No script gets hold of anything that leads out of its realm: not by mistakes, stacks, arguments or results. */

import assert from "node:assert/strict";
import { EmbeddedConnection } from "../connection/embedded.ts";
import { MEMORY } from "../engine/engine.ts";
import { accessRules } from "./access_rules.ts";
import { runAction } from "./run_action.ts";
import { ExitRequest } from "./exit_request.ts";
import { Shell } from "./shell.ts";

/**
 * Defines `escapes(value)`: whether the class of a value, or of what it consists of, leads to a `Function` that knows the
 * runtime.
 */
const PROBE = `
  function leads(value) {
    try { return value.constructor.constructor("return typeof Deno")() === "object"; } catch { return false; }
  }
  function escapes(value, seen = new Set(), depth = 0) {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
    if (seen.has(value) || depth > 5) return false;
    seen.add(value);
    if (leads(value)) return true;
    if (escapes(Object.getPrototypeOf(value), seen, depth + 1)) return true;
    return Reflect.ownKeys(value).some((key) => {
      try {
        const { value: member, get, set } = Object.getOwnPropertyDescriptor(value, key);
        return escapes(member, seen, depth + 1) || escapes(get, seen, depth + 1) || escapes(set, seen, depth + 1);
      } catch { return false; }
    });
  }
  function caught(run) { try { return run(); } catch (error) { return error; } }
`;

/** What a script may try; each gives something that is probed. */
const ATTEMPTS: Readonly<Record<string, string>> = {
  "an exit that is caught": `caught(() => require("internal").exit(3))`,
  "an error of the system": `caught(() => require("fs").read("/nowhere"))`,
  "a syntax error": `caught(() => require("internal").executeScript("a b"))`,
  "a module that is refused": `caught(() => require("node:fs"))`,
  "call sites": `(() => {
    Error.prepareStackTrace = (_error, sites) => sites;
    const sites = caught(() => require("internal").parse("(")).stack;
    const own = new Error().stack;
    Error.prepareStackTrace = undefined;
    return [sites, own, own.map((site) => [site.getThis(), site.getFunction(), site.getTypeName()])];
  })()`,
  "call sites by another Error": `(() => {
    let given;
    const own = { prepareStackTrace: (_error, sites) => given = sites };
    caught(() => { globalThis.Error = own; });
    caught(() => Object.defineProperty(globalThis, "Error", { value: own }));
    caught(() => Object.defineProperty(Error, "prepareStackTrace", { value: own.prepareStackTrace }));
    caught(() => null.x).stack;
    return given;
  })()`,
  "a stack that is used up": `(() => {
    const found = [];
    const fs = require("fs");
    caught(function deeper() {
      try { fs.isFile("/nowhere"); deeper(); } catch (error) {
        try { if (leads(error)) found.push(error); } catch {}
        throw error;
      }
    });
    return found;
  })()`,
  "arguments with methods of their own": `(() => {
    const given = [];
    const trap = new Proxy(function () {}, {
      get: (_target, name) => name === Symbol.toPrimitive ? () => "/_api/version" : trap,
      apply: (_target, self, list) => { given.push(list, self, ...list); return trap; },
    });
    const { host } = require("denosh/core");
    for (const name of Object.keys(host)) {
      if (!["close", "exit", "sleep", "readLine", "compile", "factory", "checkInterruption"].includes(name)) {
        caught(() => host[name](trap, trap, trap, trap, trap));
      }
    }
    caught(() => arango.GET_RAW(trap, { "x-a": trap }));
    caught(() => require("internal").download(trap, trap, { headers: { a: trap } }));
    return given;
  })()`,
  "arguments that call a proxy when they are read": `(() => {
    const given = [];
    const call = new Proxy(function () {}, { apply: (_target, self, list) => { given.push(list); return "x"; } });
    const headers = Object.defineProperty({}, "a", { get: call, enumerable: true });
    caught(() => require("denosh/core").host.request("GET", "/_api/version", headers, ""));
    return given;
  })()`,
  "results of services": `(() => {
    const { host } = require("denosh/core");
    return [host.randomBytes(3), host.arguments(), host.moduleDirectories(), host.encodeUtf8("x"), host.variableNames(),
      host.request("GET", "/_api/version", {}, ""), host.deflateRaw(new Uint8Array(2))];
  })()`,
  "functions of the library that were replaced": `(() => {
    const given = [];
    for (const holder of [Array, Array.prototype, Object, JSON, String.prototype, Map.prototype, Reflect, Buffer]) {
      for (const name of Object.getOwnPropertyNames(holder)) {
        const original = holder[name];
        if (typeof original !== "function" || name === "constructor") continue;
        const seen = { [name](...list) { given[given.length] = this; given[given.length] = list; return original.apply(this, list); } };
        try { holder[name] = seen[name]; } catch { continue; }
        caught(() => process.env.HOME);
        caught(() => Object.keys(process.env));
        caught(() => arango.GET_RAW("/_api/version"));
        caught(() => require("fs").read("/nowhere"));
        caught(() => new Error().stack);
        holder[name] = original;
      }
    }
    return given;
  })()`,
  "callers of the script's functions": `(() => {
    const given = [];
    function look(callee) { try { given.push(callee.caller, callee.caller.arguments); } catch {} }
    Error.prepareStackTrace = function own() { look(own); };
    new Error().stack;
    Error.prepareStackTrace = undefined;
    Object.defineProperty(Object.prototype, "status", { configurable: true, set: function own() { look(own); } });
    caught(() => arango.GET_RAW("/_api/version"));
    delete Object.prototype.status;
    return given;
  })()`,
  "a thrown object that is looked at": `(() => {
    const given = globalThis.found = [];
    const call = new Proxy(function () {}, { apply: (_target, self, list) => { given.push(list, self, ...list); } });
    globalThis.thrown = new Proxy({ toString: call }, { get: call, getPrototypeOf: call, has: call, ownKeys: call });
    caught(() => require("internal").executeScript("throw thrown", undefined, "x"));
    throw thrown;
  })()`,
  "a print of its own": `(() => {
    const given = [];
    globalThis.print = new Proxy(function () {}, { apply: (_target, self, list) => { given.push(self, list); } });
    return given;
  })()`,
  "what is rejected later": `(() => {
    const settled = [];
    const { compileStreaming, instantiateStreaming } = WebAssembly;
    for (const begin of [() => import("node:fs"), () => compileStreaming(1), () => instantiateStreaming(1)]) {
      const promise = caught(begin);
      settled.push(promise);
      if (promise instanceof Promise) promise.then((given) => settled.push(given), (given) => settled.push(given));
    }
    return settled;
  })()`,
};

Deno.test("no script of a shell gets out of its realm", async () => {
  for (const [name, attempt] of Object.entries(ATTEMPTS)) {
    const none = { allow: [], deny: ["."] };
    using shell = new Shell({
      connection: new EmbeddedConnection({ directory: MEMORY }),
      output: () => {},
      access: accessRules({ files: none, environment: none, endpoints: none, processControl: false, harden: true }),
    });
    shell.run(PROBE);
    shell.run("var found");
    try {
      shell.evaluate(`found = ${attempt}; outcome = escapes(found);`);
    } catch (error) {
      // a script that has left
      if (!(error instanceof ExitRequest)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
    shell.run("0");
    assert.equal(shell.run("escapes(found)"), false, name);
  }
});

/** What the shell does of its own accord with what a script has put in its way; each ends with what is probed in `given`. */
const TRAPS: Readonly<Record<string, (shell: Shell, file: string) => unknown>> = {
  "the names of a file": (shell, file) => {
    shell.run(`for (const name of ["__filename", "__dirname"]) {
      Object.defineProperty(globalThis, name, { configurable: true, get: trap, set: trap });
    }`);
    shell.executeFile(file);
  },
  "unit tests": (shell, file) => {
    shell.run(`for (const name of ["SYS_UNIT_TESTS", "SYS_UNIT_FILTER_TEST", "SYS_UNIT_TESTS_RESULT"]) {
      Object.defineProperty(globalThis, name, { configurable: true, get: trap, set: trap });
    }`);
    shell.runUnitTests([file]);
  },
  "completion": (shell) => {
    shell.run(`var object = new Proxy({}, { ownKeys: trap, getOwnPropertyDescriptor: trap, getPrototypeOf: trap });
      var own = { _COMPLETIONS: trap };
      Object.defineProperty(Array.prototype, "toJSON", { configurable: true, value: trap });`);
    shell.complete("object.a");
    shell.complete("own.a");
  },
  "completion by functions of the script": (shell) => {
    shell.run(`JSON.stringify = () => ({ toString: trap, [Symbol.toPrimitive]: trap });`);
    shell.texts("db._collections()");
  },
  "the state of a promise": (shell) => {
    shell.run(`for (const name of ["isSettled", "isRejected", "value", "error"]) {
      Object.defineProperty(Object.prototype, name, { __proto__: null, configurable: true, get: trap, set: trap });
    }`);
    shell.conclude(shell.startPromise("Promise.resolve(1)"));
  },
  "the name of the database": (shell) => {
    shell.run("arango.getDatabaseName = () => ({ toString: trap, [Symbol.toPrimitive]: trap });");
    return shell.database;
  },
};

Deno.test("nothing that the shell looks at by itself leads out of a script's realm", () => {
  const file = Deno.makeTempFileSync();
  try {
    for (const [name, spring] of Object.entries(TRAPS)) {
      using shell = new Shell({ connection: new EmbeddedConnection({ directory: MEMORY }), output: () => {} });
      shell.run(PROBE);
      shell.run(`var given = [];
        var trap = new Proxy(function () {}, { apply: (_target, self, list) => { given.push(self, list, ...list); } });`);
      try {
        spring(shell, file);
      } catch (error) {
        // what a trap answers may be of no use, which is thrown in the realm
        assert.equal(error instanceof Error, false, name);
      }
      assert.equal(shell.run("escapes(given)"), false, name);
    }
  } finally {
    Deno.removeSync(file);
  }
});

Deno.test("no function that a client sends to a server gets out of its realm", () => {
  using shell = new Shell({ connection: new EmbeddedConnection({ directory: MEMORY, runAction }), output: () => {} });
  const attempts = ["call sites", "results of services", "an error of the system"];
  const outcomes = shell.run(`
    const transaction = (attempt) => {
      try {
        return db._executeTransaction({ collections: {}, action: "function () {" + ${JSON.stringify(PROBE)} +
          "return escapes(" + attempt + "); }" });
      } catch (error) { return String(error); }
    };
    JSON.stringify([${attempts.map((name) => `transaction(${JSON.stringify(ATTEMPTS[name])})`).join()}])`);
  assert.deepEqual(JSON.parse(outcomes as string), attempts.map(() => false));
});
