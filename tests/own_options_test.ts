/**
 * Each option that only denosh has does what its line in the help says: a program shows something with it that it does not
 * show without it. Those of arangosh are in `options_test.ts`.
 */
import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { OPTIONS } from "../src/cli/option_table.ts";
import { startServer } from "denosh";
import { Home, Served } from "./program.ts";

const FIXTURES = `${import.meta.dirname!}/fixtures`;

/** What a run of the program writes with an option, and does not without it. */
interface Effect {
  readonly value: string;
  /** The rest of the command line. */
  readonly args: readonly string[];
  /** What is run, on standard input. */
  readonly script?: string;
  readonly shows: RegExp;
}

/** Where {@linkcode effects} find something to connect to. */
interface Leaders {
  readonly plain: string;
  readonly encrypted: string;
  readonly token: string;
}

function effects(home: Home, { plain, encrypted, token }: Leaders): Record<string, Effect> {
  const follower = `${home.path}/follower`;
  const sync = (endpoint: string, collection: string, ...more: string[]) => {
    const place = more.includes("--database.directory") ? [] : ["--database.directory", ":memory:"];
    return ["sync", ...place, "--quiet", ...more, endpoint, collection];
  };
  const login = ["--leader.username", "root", "--leader.password", "secret"];
  const detour = `leader.domain.org:8529:${new URL(plain).host}`;
  const refuse = "try { db._create('new'); } catch (error) { print('refused', error.errorNum); }";
  return {
    "connect-to": { value: detour, args: sync("tcp://leader.domain.org:8529", "places", ...login), shows: /done/ },
    "database.directory": { value: follower, args: [], script: "print(db.places.count())", shows: /^3$/m },
    "database.read-only": {
      value: "true",
      args: ["--database.directory", follower],
      script: `${refuse} db._drop('new');`,
      shows: /refused 1004/,
    },
    "dry-run": { value: "true", args: sync(plain, "places", ...login), shows: /places +no +3 +0 +0/ },
    help: { value: "true", args: [], shows: /Usage: denosh/ },
    "help-all": { value: "true", args: [], shows: /--default-language/ },
    incremental: {
      value: "true",
      args: sync(plain, "places", ...login, "--database.directory", follower),
      shows: /done .* 0 documents transferred/,
    },
    json: { value: "true", args: sync(plain, "places", ...login), shows: /^\{"collection":"places","state":"done"/m },
    "leader.database": { value: "other", args: sync(plain, "elsewhere", ...login), shows: /1 documents transferred/ },
    "leader.jwt-token": { value: token, args: sync(plain, "places"), shows: /done/ },
    "leader.password": { value: "secret", args: sync(plain, "places", "--leader.username", "root"), shows: /done/ },
    "leader.username": { value: "root", args: sync(plain, "places", "--leader.password", "secret"), shows: /done/ },
    "ssl.ca-file": { value: `${FIXTURES}/ca.pem`, args: sync(encrypted, "places"), shows: /done/ },
  };
}

/** What `denosh serve` does with its options; each is asked for by {@linkcode asked}. */
const SERVED: Readonly<Record<string, string>> = {
  "http.compress-response-threshold": "10",
  "http.trusted-origin": "http://trusted.domain.org",
  "javascript.allow-admin-execute": "true",
  "server.query-threads": "1",
  "server.root-password": "other",
  "ssl.keyfile": `${FIXTURES}/leader.pem`,
};

/** Requests as root of a server. */
class Client {
  readonly #headers: Record<string, string>;

  constructor(readonly url: string, password: string, readonly client?: Deno.HttpClient) {
    this.#headers = { authorization: `Basic ${btoa(`root:${password}`)}` };
  }

  send(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Response> {
    const all = { ...this.#headers, ...headers };
    const sent = { method, headers: all, body: body ?? null };
    return fetch(this.url + path, this.client ? { ...sent, client: this.client } : sent);
  }

  async json(method: string, path: string, body?: string, headers?: Record<string, string>) {
    return await (await this.send(method, path, body, headers)).json();
  }
}

/** Waits for the end of a query beside one that was sent earlier and sleeps. */
async function runSideBySide(client: Client): Promise<void> {
  const start = async (query: string) => {
    const body = JSON.stringify({ query });
    const reply = await client.send("POST", "/_api/cursor", body, { "x-arango-async": "store" });
    await reply.body?.cancel();
    return reply.headers.get("x-arango-async-id");
  };
  const isDone = async (job: string | null) => {
    const reply = await client.send("GET", `/_api/job/${job}`);
    await reply.body?.cancel();
    return reply.status === 200;
  };
  const sleeping = await start("RETURN SLEEP(600)");
  const short = await start("FOR i IN 1..1000 FILTER i % 7 == 3 RETURN SHA512(i)");
  while (!await isDone(short)) continue;
  await client.json("PUT", `/_api/job/${sleeping}/cancel`);
  while (!await isDone(sleeping)) continue;
}

Deno.test("options that only denosh has change what its programs do", async (t) => {
  using home = new Home();
  const certificateAndKey = Deno.readTextFileSync(`${FIXTURES}/leader.pem`);
  await using leader = await startServer({ rootPassword: "secret" });
  await using secured = await startServer({ endpoint: "ssl://127.0.0.1:0", certificateAndKey });
  const root = new Client(leader.url, "secret");
  const places = '[{"_key":"a"},{"_key":"b"},{"_key":"c"}]';
  await root.json("POST", "/_api/collection", '{"name":"places"}');
  await root.json("POST", "/_api/document/places", places);
  await root.json("POST", "/_api/database", '{"name":"other"}');
  await root.json("POST", "/_db/other/_api/collection", '{"name":"elsewhere"}');
  await root.json("POST", "/_db/other/_api/document/elsewhere", "{}");
  const { jwt } = await root.json("POST", "/_open/auth", '{"username":"root","password":"secret"}');
  using trusting = Deno.createHttpClient({ caCerts: [Deno.readTextFileSync(`${FIXTURES}/ca.pem`)] });
  const guest = new Client(secured.url, "", trusting);
  await guest.json("POST", "/_api/collection", '{"name":"places"}');
  const seen = effects(home, {
    plain: leader.url.replace("http:", "tcp:"),
    encrypted: secured.url.replace("https:", "ssl:"),
    token: jwt,
  });
  const own = Array.from(OPTIONS.values()).filter(({ own }) => own).map(({ name }) => name);
  // the older name of server.query-threads
  deepEqual([...Object.keys(seen), ...Object.keys(SERVED), "server.workers"].sort(), own.sort());
  const written = async (args: readonly string[], script?: string) => {
    const { output, errors } = await home.run(args, script ?? "");
    return output + errors;
  };
  const withoutOption = new Map<string, string>();
  /** As {@linkcode written}; several options are looked at with the same command line. */
  const usual = async (args: readonly string[], script?: string) => {
    const key = JSON.stringify([args, script]);
    const known = withoutOption.get(key) ?? await written(args, script);
    withoutOption.set(key, known);
    return known;
  };
  // the follower that other options look at
  match(await usual(seen.incremental!.args), / 3 documents transferred/);
  for (const [name, { value, args, script, shows }] of Object.entries(seen)) {
    await t.step(name, async () => {
      doesNotMatch(await usual(args, script), shows);
      match(await written([...args, `--${name}=${value}`], script), shows);
    });
  }
});

Deno.test("options of `denosh serve` change what its clients get", async (t) => {
  using home = new Home();
  const options = Object.entries(SERVED).map(([name, value]) => `--${name}=${value}`);
  await using usual = await Served.start(home, "--server.workers", "1");
  await using other = await Served.start(home, ...options, "--server.endpoint", "ssl://127.0.0.1:0");
  const [open, encrypted] = other.endpoint.split(", ");
  const plain = new Client(usual.endpoint.replace("tcp:", "http:"), "secret");
  const changed = new Client(open!.replace("tcp:", "http:"), "other");
  const both = async (look: (client: Client) => Promise<unknown>) => [await look(plain), await look(changed)];
  await t.step("server.root-password", async () => {
    const login = (client: Client) => client.send("POST", "/_open/auth", '{"username":"root","password":"other"}');
    deepEqual(await both(async (client) => (await (await login(client)).json()).code ?? 200), [401, 200]);
  });
  await t.step("http.trusted-origin", async () => {
    const headers = { origin: SERVED["http.trusted-origin"]! };
    const seen = async (client: Client) => {
      const reply = await client.send("GET", "/_api/version", undefined, headers);
      await reply.body?.cancel();
      return reply.headers.get("access-control-allow-credentials");
    };
    deepEqual(await both(seen), ["false", "true"]);
  });
  await t.step("http.compress-response-threshold", async () => {
    const seen = async ({ url }: Client) => {
      const { hostname, port } = new URL(url);
      using socket = await Deno.connect({ hostname, port: Number(port) });
      const request = "GET /_open/auth HTTP/1.1\r\nhost: h\r\naccept-encoding: gzip\r\nconnection: close\r\n\r\n";
      await socket.write(new TextEncoder().encode(request));
      const bytes = new Uint8Array(await new Response(socket.readable).arrayBuffer());
      const head = new TextDecoder("latin1").decode(bytes).split("\r\n\r\n")[0]!;
      if (!/content-encoding: gzip/i.test(head)) return "plain";
      return gunzipSync(bytes.slice(head.length + 4)).includes("error") ? "compressed" : "broken";
    };
    deepEqual(await both(seen), ["plain", "compressed"]);
  });
  await t.step("javascript.allow-admin-execute", async () => {
    const seen = async (client: Client) => {
      const answer = await client.json("POST", "/_admin/execute?returnAsJSON=true", "return 6 * 7");
      return answer.code ?? answer;
    };
    deepEqual(await both(seen), [404, 42]);
  });
  await t.step("server.workers, server.query-threads", async () => {
    await using more = await Served.start(home, "--server.workers", "2");
    const twoThreads = new Client(more.endpoint.replace("tcp:", "http:"), "secret");
    const logged = await Promise.all([plain, changed, twoThreads].map(async (client) => {
      await runSideBySide(client);
      const { messages } = await client.json("GET", "/_admin/log/entries?search=one more begins");
      return messages.map(({ message }: { message: string }) => message);
    }));
    const grown = ["all threads for queries are busy with long ones: one more begins"];
    deepEqual(logged, [grown, grown, []]);
  });
  await t.step("ssl.keyfile", async () => {
    using client = Deno.createHttpClient({ caCerts: [Deno.readTextFileSync(`${FIXTURES}/ca.pem`)] });
    equal((await new Client(encrypted!, "other", client).json("GET", "/_api/version")).server, "arango");
  });
});

Deno.test("`denosh serve` takes its directory without an option too, but not two of them", async () => {
  using home = new Home();
  const directory = `${home.path}/served`;
  for (const found of ["[ArangoCollection", "duplicate name"]) {
    await using server = await Served.start(home, directory);
    const client = ["--server.endpoint", server.endpoint, "--server.password", "secret"];
    const { output, errors } = await home.run([...client, "--quiet"], 'db._create("kept")\n');
    match(output + errors, new RegExp(found.replace("[", "\\[")));
  }
  const { status, errors } = await home.run(["serve", directory, "other"], "");
  equal(status, 1);
  match(errors, /expecting at most one directory, got '.*served other'/);
});
