/**
 * What somebody may have meant by a name that there is not.
 *
 * @module
 */
import { editDistance } from "./edit_distance.ts";

/**
 * The names that are near to another one, nearest first: that need at most two changes of a letter, or one in three.
 *
 * @param wanted the name that there is not
 * @param names the names that there are
 */
export function similarNames(wanted: string, names: Iterable<string>): string[] {
  return Array.from(names, (one) => [editDistance(wanted, one, false), one] as const)
    .filter(([far]) => far <= Math.max(2, wanted.length / 3)).sort(([a], [b]) => a - b).map(([, one]) => one);
}
