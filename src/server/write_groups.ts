/**
 * Writes that share a commit: what clients send at the same moment to one collection is one transaction of the engine, and
 * their answers are sent after its commit.
 *
 * A commit costs more than writing a document does, and as long as one lasts, further requests gather.
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

/** The collection of a write that may share its commit, as database and name. */
function placeOf(
  { method, url, headers, body }: ApiRequest,
): readonly [database: string, collection: string] | undefined {
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

/** Lets writes to a server share commits. */
export class WriteGroups {
  readonly #server: Server;
  readonly #groups = new Map<string, { readonly place: readonly [string, string]; readonly members: Member[] }>();

  /** Groups for the requests to `server`. */
  constructor(server: Server) {
    this.#server = server;
  }

  /** Answers a request as {@linkcode Server.handle} does, at once or together with others. */
  handle(request: ApiRequest): ApiReply | Waiting | Promise<ApiReply | Waiting> {
    const place = placeOf(request);
    if (!place) return this.#server.handle(request, { wait: "later" });
    return new Promise((resolve) => {
      const key = place.join("/");
      const group = this.#groups.get(key);
      if (group) {
        group.members.push({ request, resolve });
        return;
      }
      if (this.#groups.size === 0) setImmediate(() => this.#flush());
      this.#groups.set(key, { place, members: [{ request, resolve }] });
    });
  }

  #flush(): void {
    const groups = [...this.#groups.values()];
    this.#groups.clear();
    for (const { place, members } of groups) {
      const answers = this.#server.handleTogether(place, members.map(({ request }) => request));
      members.forEach(({ resolve }, i) => resolve(answers[i]!));
    }
  }
}
