/**
 * What graph searches remember from one query to the next: vertices by number, and what was read about them.
 *
 * @module
 */

/** About how many bytes are remembered of a database. */
const MOST_BYTES = 64 * 2 ** 20;
/** Bytes that an id takes, with its place among the numbers. */
const BYTES_OF_ID = 120;

/** What is known of vertices, by their numbers. */
export class Area<T> {
  /** What is known. */
  readonly members: Map<number, T> = new Map();
  #bytes = 0;

  /** About how many bytes the members take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a member that takes about so many bytes. */
  set(vertex: number, member: T, bytes: number): void {
    this.members.set(vertex, member);
    this.#bytes += bytes;
  }

  /** Forgets everything. */
  clear(): void {
    this.members.clear();
    this.#bytes = 0;
  }
}

/** An area that holds for one state of a collection. */
interface Versioned {
  readonly version: string;
  readonly area: Area<unknown>;
}

/**
 * Gives vertices numbers, which are faster to compare and to collect than ids, and keeps {@linkcode Area}s for later
 * queries, as long as the collections that they come from have not changed.
 */
export class GraphMemory {
  readonly #ids: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #areas = new Map<string, Versioned>();

  /** The number of a vertex. */
  numberOf(id: string): number {
    let number = this.#numbers.get(id);
    if (number === undefined) {
      number = this.#ids.push(id) - 1;
      this.#numbers.set(id, number);
    }
    return number;
  }

  /** The id of a vertex that has a number. */
  idOf(number: number): string {
    return this.#ids[number]!;
  }

  /**
   * An area of what is known, empty unless an earlier query has filled it.
   *
   * @param name what is known, and of which collection: areas of the same name have members of the same type
   * @param version the state of the collection; undefined where that may change, so that nobody else may have the area
   */
  area<T>(name: string, version: string | undefined): Area<T> {
    const known = this.#areas.get(name);
    if (version !== undefined && known?.version === version) return known.area as Area<T>;
    const area = new Area<T>();
    if (version !== undefined) this.#areas.set(name, { version, area });
    return area;
  }

  /** About how many bytes all this takes. */
  get bytes(): number {
    let bytes = this.#ids.length * BYTES_OF_ID;
    for (const { area } of this.#areas.values()) bytes += area.bytes;
    return bytes;
  }

  /** Whether more is remembered than shall be kept. */
  get isFull(): boolean {
    return this.bytes > MOST_BYTES;
  }
}

/**
 * Forgets what is in areas if it is too much; what they give next is read again.
 *
 * @returns whether that was done
 */
export function makeRoom(areas: Iterable<Area<unknown>>): boolean {
  const all = [...areas];
  if (all.reduce((bytes, area) => bytes + area.bytes, 0) <= MOST_BYTES) return false;
  for (const area of all) area.clear();
  return true;
}
