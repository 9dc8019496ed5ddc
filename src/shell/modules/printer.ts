/**
 * Printing: what `print`, the echo of the REPL, `inspect` and `console` make of a value.
 *
 * Source: arangosh.md 2.6, 2.8, 2.9.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/printer`: the printing globals, and the parts of `internal` that print. */
export function printer({ exports, host }: ModuleScope): void {
  const ESCAPE = "\u001b[";
  const useEscapes = host.isTty();
  const sequence = (code: string) => useEscapes ? `${ESCAPE}${code}m` : "";
  const COLORS: Record<string, string> = {};
  ["BLACK", "RED", "GREEN", "YELLOW", "BLUE", "MAGENTA", "CYAN", "WHITE"].forEach((name, index) => {
    COLORS[`COLOR_${name}`] = sequence(`3${index}`);
    COLORS[`COLOR_BOLD_${name}`] = sequence(`1;3${index}`);
  });
  COLORS.COLOR_BLINK = sequence("5");
  COLORS.COLOR_BRIGHT = sequence("1");
  COLORS.COLOR_RESET = sequence("0");

  /** Colours of the roles in the scheme `arangodb`. */
  const SCHEME: Record<string, string> = {
    COLOR_PUNCTUATION: COLORS.COLOR_RESET,
    COLOR_STRING: COLORS.COLOR_BOLD_MAGENTA!,
    COLOR_NUMBER: COLORS.COLOR_BOLD_GREEN!,
    COLOR_INDEX: COLORS.COLOR_BOLD_BLUE!,
    COLOR_TRUE: COLORS.COLOR_YELLOW!,
    COLOR_FALSE: COLORS.COLOR_YELLOW!,
    COLOR_NULL: COLORS.COLOR_YELLOW!,
    COLOR_UNDEFINED: COLORS.COLOR_YELLOW!,
  };
  Object.assign(COLORS, SCHEME);

  let pretty = host.wantsPrettyPrint();
  let colored = host.wantsColors();
  let captured: string | undefined;

  /** How many characters are collected before they are written. */
  const PIECE = 16384;
  /** Strings inside of containers end here. */
  const LONGEST_STRING = 256;
  const ESCAPES: Record<string, string> = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
  };

  function write(text: string): void {
    if (captured !== undefined) captured += text;
    else if (text !== "") host.write(text);
  }

  // deno-lint-ignore no-control-regex -- control characters are what gets escaped
  const SPECIAL = /[\u0000-\u001f"\\]/g;
  function escape(character: string): string {
    return ESCAPES[character] ?? "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0");
  }
  function quote(text: string): string {
    return `"${text.replace(SPECIAL, escape)}"`;
  }

  function colorize(text: string, role: string, context: Loose): string {
    return context.useColor ? COLORS[role] + text + COLORS.COLOR_RESET : text;
  }

  function newContext(options: Loose): Loose {
    return {
      customInspect: true,
      emit: false,
      level: 0,
      limitString: false,
      names: [],
      output: "",
      path: "~",
      prettyPrint: pretty,
      seen: new Map(),
      useColor: colored,
      useToString: true,
      ...options,
    };
  }

  /** The short form of a function inside of a container. */
  function shortSource(source: string): string {
    if (source.startsWith("function ")) {
      const end = source.indexOf(")");
      return `[Function "${source.slice("function ".length, Math.max("function ".length, end - 2))}" ...]`;
    }
    const head = /^[^({=]*(\([^)]*\))/.exec(source);
    if (head === null || source.startsWith("()")) return " { ... }";
    return `${head[1]} { ... }`;
  }

  function line(context: Loose): string {
    return context.prettyPrint ? "\n" + "  ".repeat(context.level) : "";
  }

  /** Writes what has been collected when it has become long. */
  function emitSome(context: Loose): void {
    if (context.emit !== false && context.output.length >= context.emit) {
      write(context.output);
      context.output = "";
    }
  }

  function printArray(value: Loose, context: Loose): void {
    if (value.length === 0) {
      context.output += colorize("[ ]", "COLOR_PUNCTUATION", context);
      return;
    }
    const path = context.path;
    context.output += colorize("[ ", "COLOR_PUNCTUATION", context);
    context.level++;
    for (let index = 0; index < value.length; index++) {
      if (index > 0) context.output += colorize(", ", "COLOR_PUNCTUATION", context);
      context.output += line(context);
      context.path = `${path}[${index}]`;
      printRecursive(value[index], context);
      emitSome(context);
    }
    context.path = path;
    context.level--;
    context.output += ` ${line(context)}` + colorize("]", "COLOR_PUNCTUATION", context);
  }

  function className(value: Loose): string {
    let name: unknown;
    try {
      name = Object.getPrototypeOf(value)?.constructor?.name;
    } catch {
      // a proxy or a getter of the script may refuse
    }
    return typeof name === "string" && name !== "" && name !== "Object" ? name : "";
  }

  function printMembers(value: Loose, context: Loose): void {
    const name = className(value);
    const path = context.path;
    context.output += colorize(name === "" ? "{ " : `{[${name}] `, "COLOR_PUNCTUATION", context);
    context.level++;
    let count = 0;
    for (const key of Object.keys(value)) {
      const member = value[key];
      if (key === "constructor" && member === Object.getPrototypeOf(value)?.constructor) continue;
      if (count++ > 0) context.output += colorize(", ", "COLOR_PUNCTUATION", context);
      context.output += line(context) + colorize(quote(key), "COLOR_INDEX", context) +
        colorize(" : ", "COLOR_PUNCTUATION", context);
      context.path = `${path}[${key}]`;
      printRecursive(member, context);
      emitSome(context);
    }
    context.path = path;
    context.level--;
    context.output += (count > 0 ? " " : "") + line(context) + colorize("}", "COLOR_PUNCTUATION", context);
  }

  /** The result of the value's `toString`; undefined when it has none of its own. */
  function ownText(value: Loose, context: Loose): string | undefined {
    let method: unknown;
    try {
      method = value.toString;
    } catch {
      return undefined;
    }
    if (typeof method !== "function") return undefined;
    if (method === Object.prototype.toString) {
      const tag = Object.prototype.toString.call(value);
      return tag === "[object Object]" || tag === "[object Promise]" || !context.useToString ? undefined : tag;
    }
    if (!context.useToString) return "";
    return String(method.call(value));
  }

  function printObject(value: Loose, context: Loose): void {
    if (context.customInspect && typeof value._PRINT === "function") {
      value._PRINT(context);
      return;
    }
    if (Array.isArray(value)) {
      printArray(value, context);
      return;
    }
    if (typeof value === "function") {
      const source = Function.prototype.toString.call(value);
      context.output += context.level > 0 && context.useToString ? shortSource(source) : source;
      return;
    }
    const text = ownText(value, context);
    if (text === undefined) printMembers(value, context);
    else if (context.useToString) context.output += text;
    else {
      context.output += "[Object ";
      printMembers(value, context);
      context.output += "]";
    }
  }

  function printRecursive(value: Loose, context: Loose): void {
    const kind = typeof value;
    if (value !== null && (kind === "object" || kind === "function")) {
      const first = context.seen.get(value);
      if (first !== undefined) {
        context.output += first;
        return;
      }
      context.seen.set(value, context.path);
      context.names.push(context.path);
      printObject(value, context);
    } else if (kind === "string") {
      const cut = context.limitString && value.length > LONGEST_STRING;
      const text = quote(cut ? value.slice(0, LONGEST_STRING) + "..." : value);
      context.output += colorize(text, "COLOR_STRING", context);
    } else if (kind === "number" || kind === "bigint") {
      context.output += colorize(String(value), "COLOR_NUMBER", context);
    } else if (kind === "symbol") {
      context.output += value.toString();
    } else {
      context.output += colorize(String(value), `COLOR_${String(value).toUpperCase()}`, context);
    }
  }

  function printValues(values: Loose[], options: Loose): void {
    let collected = "";
    values.forEach((value, index) => {
      if (index > 0) collected += " ";
      if (typeof value === "string") {
        collected += value;
        return;
      }
      const context = newContext({ ...options, limitString: true, emit: PIECE, output: collected });
      printRecursive(value, context);
      collected = context.output;
    });
    write(collected + "\n");
  }

  /** Prints values, separated by blanks, and ends the line. */
  function print(...values: Loose[]): void {
    printValues(values, {});
  }

  /** Prints values on one line, without colours and without asking for their text. */
  function print_plain(...values: Loose[]): void {
    printValues(values, { prettyPrint: false, useColor: false, useToString: false });
  }

  /** The text of a value, with all of its members. */
  function inspect(value: Loose, options?: Loose): string {
    const context = newContext({
      customInspect: options?.customInspect === true,
      prettyPrint: options?.prettyPrint !== false,
      useColor: false,
      useToString: false,
    });
    printRecursive(value, context);
    return context.output;
  }

  function sprintf(...args: Loose[]): string {
    if (args.length === 0) return "";
    const format = String(args[0]);
    let next = 1;
    let text = format.replace(/%([sodif%])/g, (whole, letter) => {
      if (letter === "%") return "%";
      if (next >= args.length) return whole;
      const value = args[next++];
      if (letter === "s" || letter === "o") return String(value);
      const number = Number(value);
      if (Number.isNaN(number)) return "NaN";
      return letter === "f" ? number.toFixed(6) : String(Math.trunc(number));
    });
    while (next < args.length) text += " " + String(args[next++]);
    return text;
  }

  function printf(...args: Loose[]): void {
    write(sprintf(...args));
  }

  function output(...values: Loose[]): void {
    for (const value of values) write(String(value));
  }

  function start_pretty_print(silent?: boolean): void {
    if (!pretty && !silent) print("using pretty printing");
    pretty = true;
  }

  function stop_pretty_print(silent?: boolean): void {
    if (pretty && !silent) print("disabled pretty printing");
    pretty = false;
  }

  function start_color_print(color?: string, silent?: boolean): void {
    const roles = Object.keys(SCHEME);
    if (color === undefined || color === null || color === "arangodb") Object.assign(COLORS, SCHEME);
    else {
      const chosen = COLORS[`COLOR_${String(color).toUpperCase()}`] ?? COLORS.COLOR_BRIGHT!;
      for (const role of roles) COLORS[role] = role === "COLOR_PUNCTUATION" ? COLORS.COLOR_RESET! : chosen;
    }
    if (!colored && !silent) print("starting color printing");
    colored = true;
  }

  function stop_color_print(silent?: boolean): void {
    if (colored && !silent) print("disabled color printing");
    colored = false;
  }

  function start_pager(): void {
    print(host.isPagerOn() ? "Using pager already." : `Using pager ${host.pagerCommand()} for output buffering.`);
    host.usePager(true);
  }

  function stop_pager(): void {
    print(host.isPagerOn() ? "Stopping pager." : "Pager not running.");
    host.usePager(false);
  }

  function startCaptureMode(): string | undefined {
    const former = captured;
    captured = "";
    return former;
  }

  function stopCaptureMode(former?: string): string {
    const text = captured ?? "";
    captured = former;
    return text;
  }

  Object.assign(exports, {
    COLORS,
    inspect,
    output,
    print,
    print_plain,
    printf,
    printObject: printRecursive,
    printRecursive,
    quote,
    sprintf,
    start_color_print,
    start_pager,
    start_pretty_print,
    startCaptureMode,
    stop_color_print,
    stop_pager,
    stop_pretty_print,
    stopCaptureMode,
    isCaptureMode: () => captured !== undefined,
    usesColors: () => colored,
    usesPrettyPrint: () => pretty,
    stdOutput: output,
  });
}
