/**
 * Made-up people: documents of about 250 bytes, each the same in every run.
 *
 * @module
 */

const FIRST = [
  "Ada",
  "Björn",
  "Chiara",
  "Dmitri",
  "Eun-ji",
  "Farid",
  "Grace",
  "Hoàng",
  "Inés",
  "Jonas",
  "Kofi",
  "Lena",
];
const LAST = [
  "Adeyemi",
  "Berg",
  "Costa",
  "Dubois",
  "Eriksen",
  "Fischer",
  "García",
  "Haddad",
  "Ito",
  "Jensen",
  "Kowalski",
];
const STREETS = ["Station Road", "Church Lane", "Lindenallee", "Rue du Port", "Via Roma", "Calle Mayor", "High Street"];
const CITIES = ["Aarhus", "Bologna", "Cádiz", "Dresden", "Edinburgh", "Fukuoka", "Ghent", "Haifa", "Izmir", "Jaipur"];
const TAGS = ["early", "loyal", "mobile", "partner", "quiet", "remote", "trial", "weekly"];

/** How keys follow each other. */
export type KeyOrder = "sorted" | "random";

/** A number that looks random, of 32 bits, from two others. */
function scramble(index: number, seed: number): number {
  let x = Math.imul(index ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(seed + 1, 0xc2b2ae35);
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

/** The key of the document with a number; different numbers give different keys. */
export function documentKey(index: number, order: KeyOrder): string {
  if (order === "sorted") return `p${String(index).padStart(9, "0")}`;
  return `p${scramble(index, 0).toString(16).padStart(8, "0")}${index.toString(36)}`;
}

/**
 * The JSON text of a document, without system attributes.
 *
 * @param version documents of other versions have other values
 */
export function documentBody(index: number, version = 0): string {
  const seed = scramble(index, version + 1);
  const pick = (list: readonly string[], shift: number): string => list[(seed >>> shift) % list.length]!;
  return JSON.stringify({
    name: `${pick(FIRST, 1)} ${pick(LAST, 5)}`,
    age: 18 + (seed >>> 3) % 70,
    balance: (seed % 1_000_000) / 100,
    visits: seed >>> 20,
    tags: [pick(TAGS, 7), pick(TAGS, 11)],
    address: {
      street: `${pick(STREETS, 9)} ${(seed >>> 13) % 200}`,
      city: pick(CITIES, 17),
      zip: String(10000 + (seed >>> 4) % 90000),
    },
    active: seed % 3 === 0,
  });
}

/** The JSON text of a document with its key. */
export function documentText(index: number, order: KeyOrder, version = 0): string {
  return `{"_key":"${documentKey(index, order)}",${documentBody(index, version).slice(1)}`;
}
