/**
 * What a shell on an embedded database is made of; see {@linkcode embeddedModule}.
 *
 * @module
 */
export { EmbeddedConnection } from "../connection/embedded.ts";
export { runAction } from "../shell/run_action.ts";
