/**
 * Regular expressions: ICU's syntax on top of JavaScript's.
 *
 * ArangoDB matches with ICU. What JavaScript writes differently is translated: `\h`, `\R`, `\A`, `\z`, `\Q…\E`,
 * `[[:alpha:]]`, nested classes with `&&` and `--`, inline flags, atomic groups and possessive quantifiers, and
 * `\w \d \s \b`, which know all of Unicode in ICU.
 *
 * Source: section 13.3 of `aql.md`.
 *
 * @module
 */

/** A compiled pattern. */
export interface CompiledPattern {
  readonly regex: RegExp;
  /** The names of the pattern's groups, in order, where they had to be renamed; else undefined. */
  readonly renamed: readonly string[] | undefined;
  readonly groupCount: number;
  /** The numbers of the groups that the pattern names. */
  readonly names: ReadonlyMap<string, number>;
}

/** How deep groups and classes may lie in one another. */
const MAX_NESTING = 500;

const WORD = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d";
const SPACE = "\\t\\n\\v\\f\\r\\x85\\p{Z}";

/** What stands inside a class for an escape, and whether the class is the complement. */
const CLASS_ESCAPES: Readonly<Record<string, readonly [content: string, negated: boolean]>> = {
  d: ["\\p{Nd}", false],
  D: ["\\p{Nd}", true],
  h: ["\\t\\p{Zs}", false],
  H: ["\\t\\p{Zs}", true],
  s: [SPACE, false],
  S: [SPACE, true],
  v: ["\\n\\v\\f\\r\\x85\\u2028\\u2029", false],
  V: ["\\n\\v\\f\\r\\x85\\u2028\\u2029", true],
  w: [WORD, false],
  W: [WORD, true],
};

const WORD_BOUNDARY = `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`;
const NO_WORD_BOUNDARY = `(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`;

/** Escapes outside of classes that stand for more than one character. */
const OTHER_ESCAPES: Readonly<Record<string, string>> = {
  A: "(?<![\\s\\S])",
  b: WORD_BOUNDARY,
  B: NO_WORD_BOUNDARY,
  R: "(?:\\r\\n|[\\n\\v\\f\\r\\x85\\u2028\\u2029])",
  z: "(?![\\s\\S])",
  Z: "(?=(?:\\r\\n|[\\n\\r\\x85\\u2028\\u2029])?(?![\\s\\S]))",
};

const CONTROL_ESCAPES: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: "\\p{Alphabetic}\\p{Nd}",
  alpha: "\\p{Alphabetic}",
  ascii: "\\x00-\\x7f",
  blank: "\\t\\p{Zs}",
  cntrl: "\\p{Cc}",
  digit: "\\p{Nd}",
  graph: "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}",
  lower: "\\p{Lowercase}",
  print: "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Zs}",
  punct: "\\p{P}",
  space: SPACE,
  upper: "\\p{Uppercase}",
  word: WORD,
  xdigit: "0-9A-Fa-f",
};

/** Reads an ICU pattern and writes a JavaScript one for the `v` flag. One instance per pattern. */
class Translator {
  readonly #pattern: string;
  /** Whether atomic groups add groups of their own, so that the pattern's groups need names. */
  readonly #renamed: boolean;
  readonly #groups: string[] = [];
  readonly #names = new Map<string, number>();
  #at = 0;
  #atoms = 0;
  #comments = false;
  #depth = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#renamed = /[*+?}]\+|\(\?>/.test(pattern);
  }

  /** @throws SyntaxError if the pattern is invalid */
  compile(ignoreCase: boolean): CompiledPattern {
    const source = this.#alternatives();
    if (this.#at < this.#pattern.length) throw new SyntaxError("unmatched )");
    return {
      regex: new RegExp(source, ignoreCase ? "vgi" : "vg"),
      renamed: this.#renamed ? this.#groups : undefined,
      groupCount: this.#groups.length,
      names: this.#names,
    };
  }

  #peek(text: string): boolean {
    return this.#pattern.startsWith(text, this.#at);
  }

  #take(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at;
    const match = expression.exec(this.#pattern);
    if (match !== null) this.#at += match[0].length;
    return match;
  }

  /** Everything up to the end of the group, inline flags such as `(?i)` included. */
  #alternatives(): string {
    let result = "";
    let opened = "";
    let depth = 0;
    while (this.#at < this.#pattern.length && !this.#peek(")")) {
      if (this.#peek("|")) {
        this.#at++;
        result += `${")".repeat(depth)}|${opened}`;
        continue;
      }
      const flags = this.#take(/\(\?([imsxwud]*(?:-[imsxwud]+)?)\)/y);
      if (flags !== null) {
        // The flags hold to the end of the group, in its other alternatives too.
        const start = this.#flags(flags[1] ?? "");
        result += start;
        opened += start;
        depth++;
        continue;
      }
      if (this.#take(/\(\?#[^)]*\)/y) !== null) continue;
      if (this.#comments && this.#take(/[ \t\n\v\f\r]+|#[^\n]*/y) !== null) continue;
      result += this.#quantified();
    }
    return result + ")".repeat(depth);
  }

  /** The start of a group with flags that JavaScript has; `x` is handled here. */
  #flags(flags: string): string {
    const [on = "", off = ""] = flags.split("-");
    if (on.includes("x")) this.#comments = true;
    if (off.includes("x")) this.#comments = false;
    const added = on.replace(/[^ims]/g, "");
    const removed = off.replace(/[^ims]/g, "");
    return added === "" && removed === "" ? "(?:" : `(?${added}${removed === "" ? "" : `-${removed}`}:`;
  }

  #quantified(): string {
    const atom = this.#atom();
    const quantifier = this.#take(/(?:[*+?]|\{\d+(?:,\d*)?\})([?+]?)/y);
    if (quantifier === null) return atom;
    if (quantifier[1] !== "+") return atom + quantifier[0];
    return this.#atomic(atom + quantifier[0].slice(0, -1));
  }

  /** A part that, once matched, gives nothing back: JavaScript has this for lookaheads. */
  #atomic(part: string): string {
    const name = `a${++this.#atoms}`;
    return `(?:(?=(?<${name}>${part}))\\k<${name}>)`;
  }

  #atom(): string {
    if (this.#peek("(")) return this.#group();
    if (this.#peek("[")) {
      this.#at++;
      return this.#class();
    }
    if (this.#peek("\\")) return this.#escape();
    const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    if (".^$".includes(character)) return character;
    // Kept as they are, so that JavaScript reports what cannot be.
    if ("*+?{".includes(character)) return character;
    return literal(character);
  }

  #group(): string {
    this.#nest();
    this.#at++;
    const comments = this.#comments;
    const start = this.#groupStart();
    const content = this.#alternatives();
    if (!this.#peek(")")) throw new SyntaxError("missing )");
    this.#at++;
    this.#depth--;
    this.#comments = comments;
    return start === undefined ? this.#atomic(content) : `${start}${content})`;
  }

  /** What opens the group; undefined for an atomic one. */
  #groupStart(): string | undefined {
    if (!this.#peek("?")) return this.#capture();
    const known = this.#take(/\?(?:[:=!]|<[=!])/y);
    if (known !== null) return `(${known[0]}`;
    if (this.#take(/\?>/y) !== null) return undefined;
    const named = this.#take(/\?<([A-Za-z][A-Za-z0-9]*)>/y);
    if (named !== null) return this.#capture(named[1]);
    const flags = this.#take(/\?([imsxwud]*(?:-[imsxwud]+)?):/y);
    if (flags !== null) return this.#flags(flags[1] ?? "");
    throw new SyntaxError("invalid group");
  }

  #capture(name?: string): string {
    const own = `g${this.#groups.length + 1}`;
    this.#groups.push(own);
    if (name !== undefined) this.#names.set(name, this.#groups.length);
    return this.#renamed ? `(?<${own}>` : "(";
  }

  #escape(): string {
    if (this.#take(/\\Q/y) !== null) {
      const end = this.#pattern.indexOf("\\E", this.#at);
      const quoted = this.#pattern.slice(this.#at, end < 0 ? undefined : end);
      this.#at = end < 0 ? this.#pattern.length : end + 2;
      return `(?:${[...quoted].map(literal).join("")})`;
    }
    const reference = this.#take(/\\(?:([1-9]\d?)|k<([A-Za-z][A-Za-z0-9]*)>)/y);
    if (reference !== null) return this.#reference(reference[1], reference[2]);
    const other = this.#take(/\\([AbBRzZ])/y);
    if (other !== null) return OTHER_ESCAPES[other[1] ?? ""] ?? "";
    return this.#characterEscape(false);
  }

  #reference(number: string | undefined, name: string | undefined): string {
    const group = name === undefined ? Number(number) : this.#names.get(name);
    if (group === undefined || group > this.#groups.length) throw new SyntaxError("unknown group");
    return this.#renamed ? `\\k<g${group}>` : `(?:\\${group})`;
  }

  /** An escape that stands for a character or a set of them. */
  #characterEscape(inClass: boolean): string {
    const property = this.#take(/\\([pP])(?:\{(\^?)([^}]+)\}|([A-Za-z]))/y);
    if (property !== null) {
      const negated = (property[1] === "P") !== (property[2] === "^");
      return `\\${negated ? "P" : "p"}{${propertyName(property[3] ?? property[4] ?? "")}}`;
    }
    const set = this.#take(/\\([dDhHsSvVwW])/y);
    if (set !== null) {
      const [content, negated] = CLASS_ESCAPES[set[1] ?? ""] ?? ["", false];
      return `[${negated ? "^" : ""}${content}]`;
    }
    return inClass ? classLiteral(this.#character()) : literal(this.#character());
  }

  /** The character that an escape stands for. */
  #character(): string {
    const code = this.#take(/\\(?:x\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))/y);
    if (code !== null) return String.fromCodePoint(parseInt(code.slice(1).find(Boolean) ?? "0", 16));
    const octal = this.#take(/\\0([0-7]{1,3})/y);
    if (octal !== null) return String.fromCodePoint(parseInt(octal[1] ?? "0", 8));
    const control = this.#take(/\\c([A-Za-z@[\\\]^_])/y);
    if (control !== null) return String.fromCharCode((control[1] ?? "").charCodeAt(0) & 31);
    const named = this.#take(/\\([aefnrt])/y);
    if (named !== null) return String.fromCharCode(CONTROL_ESCAPES[named[1] ?? ""] ?? 0);
    const plain = this.#take(/\\([^A-Za-z0-9])/yu);
    if (plain === null) throw new SyntaxError("invalid escape");
    return plain[1] ?? "";
  }

  #nest(): void {
    if (++this.#depth > MAX_NESTING) throw new SyntaxError("nested too deeply");
  }

  /** A class after its opening bracket. */
  #class(): string {
    this.#nest();
    const negated = this.#take(/\^/y) !== null;
    let left: string | undefined;
    let operator = "";
    let items = "";
    let empty = true;
    const close = (): string => {
      const union = `[${items}]`;
      left = left === undefined ? union : `[${left}${operator}${union}]`;
      items = "";
      return left;
    };
    for (;;) {
      if (this.#at >= this.#pattern.length) throw new SyntaxError("missing ]");
      if (this.#peek("]") && !empty) {
        this.#at++;
        this.#depth--;
        const set = close();
        return negated ? `[^${set}]` : set;
      }
      const operation = empty ? null : this.#take(/&&|--(?!\])/y);
      if (operation !== null) {
        close();
        operator = operation[0];
        continue;
      }
      empty = false;
      items += this.#classItem();
    }
  }

  #classItem(): string {
    const posix = this.#take(/\[:(\^?)([a-z]+):\]/y);
    if (posix !== null) {
      const content = POSIX_CLASSES[posix[2] ?? ""];
      if (content === undefined) throw new SyntaxError("unknown class");
      return `[${posix[1]}${content}]`;
    }
    if (this.#peek("[")) {
      this.#at++;
      return this.#class();
    }
    const from = this.#classMember();
    if (from.length > 1 && from.startsWith("\\p") || from.startsWith("[") || from.startsWith("\\P")) return from;
    if (!/^-[^\]\-[]/.test(this.#pattern.slice(this.#at, this.#at + 2))) return from;
    this.#at++;
    return `${from}-${this.#classMember()}`;
  }

  #classMember(): string {
    if (this.#peek("\\")) return this.#characterEscape(true);
    const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    return classLiteral(character);
  }
}

/** A character outside of classes that stands for itself. */
export function literal(character: string): string {
  return /^[\^$\\.*+?()[\]{}|/]$/.test(character) ? `\\${character}` : character;
}

function classLiteral(character: string): string {
  return /^[\p{L}\p{N}_ ]$/u.test(character) ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** ICU also takes a script or a category without naming its property, and ignores case, spaces and `_`. */
function propertyName(name: string): string {
  const trimmed = name.trim().replace(/^Is/i, "");
  for (const candidate of [trimmed, `Script=${trimmed}`, trimmed.charAt(0).toUpperCase() + trimmed.slice(1)]) {
    if (isProperty(candidate)) return candidate;
  }
  const words = trimmed.split(/[ _]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
  const joined = words.join("_");
  return isProperty(joined) ? joined : `Script=${joined}`;
}

/** Whether regular expressions of JavaScript know a property of Unicode by this text. */
function isProperty(name: string): boolean {
  try {
    return new RegExp(`\\p{${name}}`, "u") !== undefined;
  } catch {
    return false;
  }
}

/**
 * Compiles an ICU pattern.
 *
 * @param pattern the pattern
 * @param ignoreCase whether upper and lower case are the same
 * @throws SyntaxError if the pattern is invalid
 */
export function compileIcu(pattern: string, ignoreCase: boolean): CompiledPattern {
  return new Translator(pattern).compile(ignoreCase);
}
