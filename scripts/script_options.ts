/**
 * Options of scripts: whole numbers and flags.
 *
 * @module
 */

/** An option's value: a whole number, or whether the flag is given. */
export type ScriptOption = number | boolean;

/**
 * Reads `--name N`, `--name=N` and `--flag`.
 *
 * @param args the command line
 * @param defaults the names that are known, with the values that they have when they are not given; a boolean is a flag
 * @throws Error for other arguments, and for values that are no whole numbers above 0
 */
export function scriptOptions<T extends Readonly<Record<string, ScriptOption>>>(
  args: readonly string[],
  defaults: T,
): { [K in keyof T]: T[K] extends boolean ? boolean : number } {
  const values: Record<string, ScriptOption> = { ...defaults };
  const words = args.flatMap((arg) => arg.startsWith("--") ? arg.split("=") : [arg]);
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const name = word.replace(/^--/, "");
    if (!word.startsWith("--") || !Object.hasOwn(defaults, name)) {
      const known = Object.entries(defaults).map(([one, value]) => `--${one}${typeof value === "number" ? " N" : ""}`);
      throw new Error(`unknown argument '${word}'; known: ${known.join(" ")}`);
    }
    if (typeof defaults[name] === "boolean") {
      values[name] = true;
      continue;
    }
    const value = Number(words.shift());
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number above 0`);
    values[name] = value;
  }
  return values as { [K in keyof T]: T[K] extends boolean ? boolean : number };
}
