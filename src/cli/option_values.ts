/**
 * Values of options: from texts to what they mean.
 *
 * Source: `arangosh.md` §1.2; suffixes of numbers: ArangoDB's manual, _Configuration_.
 *
 * @module
 */
import type { OptionRow, OptionType } from "./option_table.ts";

const TRUE = new Set(["true", "on", "1", "yes", ""]);
/** What may follow the name of a switch after a blank. */
export const FLAG_WORDS: ReadonlySet<string> = new Set(["true", "false", "on", "off", "1", "0"]);
const FLAG_VALUES = new Set([...FLAG_WORDS, "yes", "no", ""]);

/** What the letters after a number mean. */
const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  "%": 0.01,
  b: 1,
  k: 1e3,
  kb: 1e3,
  kib: 2 ** 10,
  m: 1e6,
  mb: 1e6,
  mib: 2 ** 20,
  g: 1e9,
  gb: 1e9,
  gib: 2 ** 30,
  t: 1e12,
  tb: 1e12,
  tib: 2 ** 40,
};

/** The largest number of each type that is whole and not negative. */
const LARGEST: Partial<Readonly<Record<OptionType, number>>> = { uint32: 2 ** 32 - 1, uint64: 2 ** 64 };

/** Values that options have when neither the user nor their row gives one. */
const NOTHING: Readonly<Record<OptionType, unknown>> = {
  boolean: false,
  string: "",
  "string...": [],
  uint32: 0,
  uint64: 0,
  double: 0,
};

/** Whether the value of a switch turns it on. */
export function isTrue(value: string): boolean {
  return TRUE.has(value);
}

/** A number that may have a unit, such as `64MiB`; NaN for anything else. */
export function numberOf(value: string): number {
  const match = /^\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)\s*([kmgt]i?b?|b|%|)\s*$/i.exec(value);
  return match ? Number(match[1]) * (UNITS[match[2]!.toLowerCase()] ?? NaN) : NaN;
}

/** What an option is when nobody gives it. */
export function initialValue({ initial, type }: OptionRow): unknown {
  return initial ?? NOTHING[type];
}

/** The values that an option was given as scripts see them. */
export function typedValue({ type }: OptionRow, values: readonly string[]): unknown {
  const last = values.at(-1)!;
  switch (type) {
    case "string...":
      return values;
    case "string":
      return last;
    case "boolean":
      return isTrue(last);
    default:
      return numberOf(last);
  }
}

/** Why an option cannot have a value; undefined if it can. */
export function valueProblem({ type, values }: OptionRow, value: string): string | undefined {
  if (values !== undefined && !values.includes(value)) {
    return `invalid value '${value}', possible values: ${values.join(", ")}`;
  }
  if (type === "boolean") return FLAG_VALUES.has(value) ? undefined : `'${value}' is neither true nor false`;
  if (type === "string" || type === "string...") return undefined;
  const number = numberOf(value);
  if (!Number.isFinite(number)) return `'${value}' is no number`;
  const largest = LARGEST[type];
  if (largest === undefined) return undefined;
  // a part of a hundred is cut to a whole number
  if (!Number.isInteger(number) && !value.includes("%")) return `'${value}' is no whole number`;
  return number >= 0 && number <= largest ? undefined : `'${value}' is out of range, 0 to ${largest}`;
}
