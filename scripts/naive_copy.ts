/**
 * What one would write without denosh: every document through a cursor of one server into another, by arangojs.
 *
 * `deno run -A scripts/naive_copy.ts LEADER_URL FOLLOWER_URL COLLECTION` prints the milliseconds it took and the most memory it used.
 *
 * @module
 */
import { Database } from "arangojs";
import { peakMemory } from "./peak_memory.ts";
import { say } from "./terminal.ts";

const BATCH = 10_000;

const [from, to, name] = Deno.args as [string, string, string];
const leader = new Database({ url: from });
const follower = new Database({ url: to });
const started = performance.now();
const collection = follower.collection(name);
if (await collection.exists()) await collection.truncate();
else await collection.create();
const cursor = await leader.query("FOR d IN @@name RETURN d", { "@name": name }, { batchSize: BATCH, stream: true });
for await (const batch of cursor.batches) await collection.import(batch as object[]);
say(JSON.stringify({ milliseconds: performance.now() - started, memory: peakMemory() }));
leader.close();
follower.close();
