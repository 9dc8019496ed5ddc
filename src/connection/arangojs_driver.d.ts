/**
 * The parts of arangojs that the remote connection uses.
 *
 * The package's own declarations bring an old copy of Node's along, which does not know `node:sqlite`.
 *
 * @module
 */

/** A request as the driver takes it. */
export interface DriverRequest {
  readonly method: string;
  /** Path and query; taken as they are. */
  readonly pathname: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** The body is bytes, not a value. */
  readonly isBinary: boolean;
}

/** The response that `fetch` gave, to which the driver has added what it has read of it. */
export type DriverResponse = Response;

/** Options of {@linkcode Connection}. */
export interface DriverOptions {
  readonly url: string;
  readonly arangoVersion: number;
  readonly poolSize: number;
  readonly beforeRequest?: (request: Request) => void;
}

/** The driver's connection. */
export class Connection {
  constructor(options: DriverOptions);
  request(request: DriverRequest, transform: (response: DriverResponse) => DriverResponse): Promise<DriverResponse>;
}

/** An answer of 400 or above. */
export class HttpError extends Error {
  readonly response: DriverResponse;
}
