/**
 * What somebody may have meant by a name that there is not.
 *
 * @module
 */

/**
 * The names that are near to another one, nearest first: that need at most two changes of a letter, or one in three.
 *
 * @param wanted the name that there is not
 * @param names the names that there are
 */
export function similarNames(wanted: string, names: Iterable<string>): string[] {
  return Array.from(names, (one) => [distance(wanted, one), one] as const)
    .filter(([far]) => far <= Math.max(2, wanted.length / 3)).sort(([a], [b]) => a - b).map(([, one]) => one);
}

/** How many letters two words differ by. */
function distance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const current = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = previous[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      current.push(Math.min(change, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[other.length]!;
}
