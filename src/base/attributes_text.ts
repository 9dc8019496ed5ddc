/**
 * The attributes of an object as one text, `,"a":1,"b":2` with a comma before each: documents are put together, changed and
 * looked into without being cut into pieces first.
 *
 * @module
 */
import { isObjectText, type Member, type Members, members, objectText, skipString, skipValue } from "./json_text.ts";

/** The attributes of an object whose text has no white space between its tokens. */
export function attributesOf(object: string): string {
  return object === "{}" ? "" : `,${object.slice(1, -1)}`;
}

/** The object with these attributes. */
export function objectOf(attributes: string): string {
  return attributes === "" ? "{}" : `{${attributes.slice(1)}}`;
}

/** The text of attributes that were cut apart. */
export function joined(parts: Iterable<Member>): string {
  return attributesOf(objectText(parts));
}

/** Attributes by name. */
export function cut(attributes: string): Members {
  return members(objectOf(attributes));
}

/**
 * Goes through attributes.
 *
 * @param visit is given the name, and where the attribute's comma is, its value starts and ends; false to stop
 */
export function walk(
  attributes: string,
  visit: (name: string, comma: number, start: number, end: number) => boolean | void,
): void {
  for (let comma = 0; comma < attributes.length;) {
    const nameEnd = skipString(attributes, comma + 1);
    const end = skipValue(attributes, nameEnd + 1);
    if (visit(nameAt(attributes, comma + 1, nameEnd), comma, nameEnd + 1, end) === false) return;
    comma = end;
  }
}

/** The name that stands in a text, quotes included. */
function nameAt(text: string, start: number, end: number): string {
  const name = text.slice(start + 1, end - 1);
  return name.includes("\\") ? JSON.parse(text.slice(start, end)) as string : name;
}

/** The texts of the values of some attributes, by name; those that are missing are left out. */
export function valuesOf(attributes: string, names: ReadonlySet<string>): Map<string, string> {
  const found = new Map<string, string>();
  walk(attributes, (name, _comma, start, end) => {
    if (names.has(name)) found.set(name, attributes.slice(start, end));
    return found.size < names.size;
  });
  return found;
}

/**
 * Makes what finds the texts of the values of a few attributes, in the order of their names; `null` where there is none. It takes
 * objects, or attributes, without white space between their tokens. Measured: half of the time of {@linkcode valuesOf}.
 *
 * @param names each of them once
 */
export function valuePicker(names: readonly string[]): (text: string) => string[] {
  const all = new Set(names);
  const quoted = names.map((name) => JSON.stringify(name));
  return (text) => {
    // only so can a name be written in another way
    if (text.includes("\\u") || text.includes("\\/")) {
      const values = valuesOf(isObjectText(text) ? attributesOf(text) : text, all);
      return names.map((name) => values.get(name) ?? "null");
    }
    const found: string[] = Array(names.length).fill("null");
    let missing = names.length;
    // an object has its brace where the first comma is
    for (let comma = 0; missing > 0 && comma < text.length - 1;) {
      const nameEnd = skipString(text, comma + 1);
      const end = skipValue(text, nameEnd + 1);
      const length = nameEnd - comma - 1;
      const place = quoted.findIndex((name) => name.length === length && text.startsWith(name, comma + 1));
      if (place >= 0) {
        found[place] = text.slice(nameEnd + 1, end);
        missing--;
      }
      comma = end;
    }
    return found;
  };
}

/** How a patch is applied. */
export interface PatchOptions {
  /** An attribute set to null stays as null, else it is removed. */
  readonly keepNull: boolean;
  /** Objects on both sides are merged, else replaced. */
  readonly mergeObjects: boolean;
}

/** {@linkcode merged} for objects. */
function mergedObject(base: string, patch: string, options: PatchOptions): string {
  return objectOf(merged(attributesOf(base), attributesOf(patch), options));
}

/**
 * Applies a patch to attributes, one by one, as ArangoDB's update operation does.
 *
 * @param base the attributes to change
 * @param patch the attributes to set
 */
export function merged(base: string, patch: string, options: PatchOptions): string {
  const changes = cut(patch);
  let text = "";
  /** Up to where `base` has been taken over. */
  let done = 0;
  walk(base, (name, comma, start, end) => {
    const change = changes.get(name);
    if (!change) return;
    changes.delete(name);
    const raw = mergedValue(base.slice(start, end), change.raw, options);
    text += base.slice(done, raw === undefined ? comma : start) + (raw ?? "");
    done = end;
    return changes.size > 0;
  });
  text += done === 0 ? base : base.slice(done);
  for (const { quoted, raw } of changes.values()) {
    const value = mergedValue(undefined, raw, options);
    if (value !== undefined) text += `,${quoted}:${value}`;
  }
  return text;
}

/** A value after a patch; undefined where the attribute is removed. */
function mergedValue(old: string | undefined, raw: string, options: PatchOptions): string | undefined {
  if (raw === "null" && !options.keepNull) return undefined;
  if (!isObjectText(raw)) return raw;
  if (options.mergeObjects && old !== undefined && isObjectText(old)) return mergedObject(old, raw, options);
  return options.keepNull ? raw : mergedObject("{}", raw, options);
}
