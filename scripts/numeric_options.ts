/**
 * Options of scripts whose values are whole numbers.
 *
 * @module
 */

/**
 * Reads `--name N` and `--name=N`.
 *
 * @param args the command line
 * @param defaults the names that are known, with the values that they have when they are not given
 * @throws Error for other arguments, and for values that are no whole numbers above 0
 */
export function numbers<T extends Readonly<Record<string, number>>>(args: readonly string[], defaults: T): T {
  const values: Record<string, number> = { ...defaults };
  const words = args.flatMap((arg) => arg.startsWith("--") ? arg.split("=") : [arg]);
  for (let i = 0; i < words.length; i += 2) {
    const name = words[i]!.replace(/^--/, "");
    const value = Number(words[i + 1]);
    if (!words[i]!.startsWith("--") || !Object.hasOwn(defaults, name)) {
      const known = Object.keys(defaults).map((one) => `--${one} N`).join(" ");
      throw new Error(`unknown argument '${words[i]}'; known: ${known}`);
    }
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number above 0`);
    values[name] = value;
  }
  return values as T;
}
