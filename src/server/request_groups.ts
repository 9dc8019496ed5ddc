/**
 * Requests that are answered together: those that arrive at the same moment share the look at what other processes have
 * committed, and small writes of documents of one collection share a transaction of the engine; their answers are sent after
 * its commit.
 *
 * Either costs more than reading or writing a document does, and while it lasts, further requests gather.
 *
 * @module
 */
import type { ApiReply, ApiRequest } from "../base/exchange.ts";
import type { Waiting } from "./route.ts";
import type { Server } from "./server.ts";

/** Documents of collections that are not of the system's, by their collection. */
const PLACE = /^(?:\/_db\/([^/?]+))?\/_api\/document\/([a-zA-Z][^/?]*)/;
const METHODS: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);
/** What is larger has a transaction of its own, so that nobody waits for it. */
const MOST_BYTES = 16_384;

interface Member {
  readonly request: ApiRequest;
  readonly resolve: (reply: ApiReply | Waiting) => void;
}

/** Requests that have come together. */
interface Group {
  /** The database and the collection that they write to; undefined for requests of any other kind. */
  readonly place: readonly [database: string, collection: string] | undefined;
  readonly members: Member[];
}

/** The collection of a write that may share its commit, as database and name. */
function placeOf({ method, url, headers, body }: ApiRequest): Group["place"] {
  if (!METHODS.has(method) || body.length > MOST_BYTES) return undefined;
  const [, database = "_system", collection] = PLACE.exec(url) ?? [];
  if (collection === undefined || url.includes("waitForSync")) return undefined;
  if (headers["x-arango-trx-id"] !== undefined || headers["x-arango-async"] !== undefined) return undefined;
  try {
    return [decodeURIComponent(database), decodeURIComponent(collection)];
  } catch {
    return undefined;
  }
}

/** Answers requests to a server in groups. */
export class RequestGroups {
  readonly #server: Server;
  readonly #groups = new Map<string, Group>();

  /** Groups for the requests to `server`. */
  constructor(server: Server) {
    this.#server = server;
  }

  /** Answers a request as {@linkcode Server.handle} does, together with those that have arrived by now. */
  handle(request: ApiRequest): Promise<ApiReply | Waiting> {
    return new Promise((resolve) => {
      if (this.#groups.size === 0) setImmediate(() => this.#flush());
      const place = placeOf(request);
      const key = place === undefined ? "" : place.join("\n");
      const group = this.#groups.get(key);
      if (group) group.members.push({ request, resolve });
      else this.#groups.set(key, { place, members: [{ request, resolve }] });
    });
  }

  #flush(): void {
    const groups = [...this.#groups.values()];
    this.#groups.clear();
    // what others have committed is looked for once for all
    this.#server.engine.turn(() => {
      for (const { place, members } of groups) this.#answer(place, members);
    });
  }

  #answer(place: Group["place"], members: readonly Member[]): void {
    if (place === undefined) {
      for (const { request, resolve } of members) resolve(this.#server.handle(request, { wait: "later" }));
      return;
    }
    const answers = this.#server.handleTogether(place, members.map(({ request }) => request));
    members.forEach(({ resolve }, i) => resolve(answers[i]!));
  }
}
