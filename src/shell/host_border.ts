/**
 * The border between a realm and the host's services, on the host's side; `modules/core.ts` is the realm's side.
 *
 * An object of the host in the hands of a script would lead it to the host's `Function`, and so out of its realm; an object
 * of a script among the host's values would be handed such objects by every method of it that the host calls. So only
 * values without methods of their own cross: primitives, and copies of lists, plain objects and bytes.
 *
 * @module
 */
import type { Host } from "./host.ts";
import { nodeModule } from "./node_module.ts";

/** The host's services as a realm gets them. */
export interface HostBorder {
  /** The services by name. */
  readonly services: Readonly<Record<string, (...args: unknown[]) => unknown>>;
  /** What a service throws in place of an error of the host. */
  readonly failed: symbol;
  /** The error behind the last {@linkcode failed}, as JSON text of a {@linkcode Failure}. */
  readonly lastFailure: () => string;
}

/** An error of the host. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly code?: number | string;
  readonly errorNum?: number;
  readonly errorMessage?: string;
  /** Whether it ends the command, whoever catches it. */
  readonly isExitRequest: boolean;
}

/** Whether something is an error of the host. Unlike `instanceof`, it asks no proxy of a script. */
export function isHostError(value: unknown): value is Error {
  const { isProxy } = nodeModule<typeof import("node:util")>("node:util").types;
  for (let at = value; typeof at === "object" && at !== null && !isProxy(at); at = Object.getPrototypeOf(at)) {
    if (at === Error.prototype) return true;
  }
  return false;
}

/** JSON text of a {@linkcode Failure}. */
export function failureText(error: Error): string {
  const { name, message, code, errorNum, errorMessage, isExitRequest } = error as Error & Partial<Failure>;
  return JSON.stringify(
    { name, message, code, errorNum, errorMessage, isExitRequest: isExitRequest === true } satisfies
      & Omit<Failure, "code" | "errorNum" | "errorMessage">
      & Record<string, unknown>,
  );
}

/** Makes the border of one realm. */
export function hostBorder(host: Host): HostBorder {
  const failed = Symbol("an error of the host");
  let lastFailure = "";
  const services = Object.entries(host).map(([name, service]) => {
    function crossing(...args: unknown[]): unknown {
      try {
        return (service as (...args: unknown[]) => unknown)(...args.map(copied));
      } catch (error) {
        // what is no error of the host was thrown by a text that the service has run
        if (!isHostError(error)) throw error;
        lastFailure = failureText(error);
        throw failed;
      }
    }
    return [name, crossing] as const;
  });
  return { services: Object.fromEntries(services), failed, lastFailure: () => lastFailure };
}

/** The class of a typed array of whatever realm; undefined for any other object. */
const typedArrayName = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)!.get as (this: unknown) => string | undefined;

/** A value of a realm as one of the host. */
function copied(value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol") throw new TypeError(`a ${typeof value} is no value`);
  if (typeof value !== "object" || value === null) return value;
  if (typedArrayName.call(value) === "Uint8Array") return new Uint8Array(value as Uint8Array);
  if (Array.isArray(value)) return Array.from({ length: Number(value.length) }, (_, index) => copied(value[index]));
  return Object.fromEntries(Object.keys(value).map((key) => [key, copied((value as Record<string, unknown>)[key])]));
}
