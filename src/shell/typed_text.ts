/**
 * What the prompt allows beyond scripts: names that are declared again, and `await`.
 *
 * @module
 */

/** A {@linkcode Part} but for templates: in strings, comments and regular expressions there are no words. */
const PART =
  /[\w$]+|\s+|[^\w$\s"'`/]|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|(?<=(?:[=(,:;!&|?{}[\n>]|\b(?:return|case|typeof|of|in|do|else))\s*)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n*[])+\/[a-z]*|[\s\S]/y;

/** A word, a literal, a comment, white space, or one character of anything else. */
export interface Part {
  readonly text: string;
  /** Offset of its first character. */
  readonly at: number;
  /** How many brackets are open. */
  readonly depth: number;
}

function parts(text: string): Part[] {
  const found: Part[] = [];
  let depth = 0;
  for (let at = 0; at < text.length;) {
    const part = partAt(text, at);
    if (/^[)\]}]$/.test(part)) depth--;
    found.push({ text: part, at, depth });
    if (/^[([{]$/.test(part)) depth++;
    at += part.length;
  }
  return found;
}

function partAt(text: string, at: number): string {
  if (text[at] === "`") return text.slice(at, templateEnd(text, at));
  PART.lastIndex = at;
  return PART.exec(text)![0];
}

/** Where the template ends that begins at an offset, with all that is in it; one that does not end is its first character. */
function templateEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "`") return at + 1;
    if (text[at] === "\\") at++;
    else if (text.startsWith("${", at)) at = substitutionEnd(text, at + 2);
  }
  return start + 1;
}

/** Where the bracket stands that ends the code of a template; the code begins at an offset. */
function substitutionEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length;) {
    const part = partAt(text, at);
    if (part === "}" && depth-- === 0) return at;
    if (part === "{") depth++;
    at += part.length;
  }
  return text.length;
}

/** The parts of a text without white space and comments. */
export function codeParts(text: string): Part[] {
  return parts(text).filter((part) => !isBlank(part));
}

const isBlank = ({ text }: Part): boolean => /^(?:\s|\/\/|\/\*)/.test(text);

/** The places where statements of the outermost level seem to begin. */
function statementStarts(all: readonly Part[]): Part[] {
  const starts: Part[] = [];
  let before = ";";
  let lineEnd = true;
  for (const part of all) {
    if (isBlank(part)) {
      lineEnd ||= part.text.includes("\n");
      continue;
    }
    if (part.depth === 0 && (/[;}]$/.test(before) || lineEnd)) starts.push(part);
    before = part.text;
    lineEnd = false;
  }
  return starts;
}

/**
 * Turns `let`, `const` and `class` of the outermost level into `var`, which may be declared again.
 *
 * @param text JavaScript; columns stay as they are but for classes
 */
export function redeclarable(text: string): string {
  if (!/\b(?:let|const|class)\b/.test(text)) return text;
  const all = parts(text);
  const replaced = new Map<number, string>();
  const code = all.filter((part) => !isBlank(part));
  const places = new Map(code.map((part, place) => [part, place]));
  for (const start of statementStarts(all)) {
    const following = code[places.get(start)! + 1];
    if (!following || !/^[\w$[{]/.test(following.text) || /^(?:in|of|instanceof)$/.test(following.text)) continue;
    if (start.text === "let") replaced.set(start.at, "var");
    else if (start.text === "const") replaced.set(start.at, "var  ");
    else if (start.text === "class" && /^[\w$]/.test(following.text)) {
      replaced.set(start.at, `var ${following.text} = class`);
    }
  }
  return all.map((part) => replaced.get(part.at) ?? part.text).join("");
}

/** Whether a text may have an `await` outside of functions. */
export function mayAwait(text: string): boolean {
  return text.includes("await") && parts(text).some((part) => part.text === "await");
}

/**
 * Puts a text with `await` into an asynchronous function. Names that it declares at the outermost level become globals.
 *
 * @param text from {@linkcode redeclarable}
 * @returns texts to try, the first that compiles is the one
 */
export function asyncForms(text: string): string[] {
  const all = parts(text);
  const starts = statementStarts(all);
  const names = new Set<string>();
  for (const start of starts) {
    if (start.text !== "var") continue;
    const from = start.at + 3;
    const next = starts.find((one) => one.at > start.at);
    const pattern = text.slice(from, next?.at).split(/=(?![=>])/)[0]!;
    for (const [name] of pattern.replace(/[\w$]+\s*:/g, "").matchAll(/[A-Za-z_$][\w$]*/g)) names.add(name);
  }
  const exported = [...names].map((name) => `globalThis.${name} = ${name};`).join(" ");
  const last = starts.at(-1)?.at ?? 0;
  return [
    `(async () => (${text.replace(/;\s*$/, "")}\n))()`,
    `(async () => { ${text.slice(0, last)} const _value = (${
      text.slice(last).replace(/;\s*$/, "")
    }\n); ${exported} return _value; })()`,
    `(async () => { ${text}\n${exported} })()`,
  ];
}
