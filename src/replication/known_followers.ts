/**
 * The followers that a leader has heard of lately.
 *
 * Source: `replication-protocol.md` §2.
 *
 * @module
 */
import { timestamp } from "./timestamp.ts";

/** A follower as the leader knows it. */
export interface FollowerInfo {
  readonly syncerId: string;
  readonly serverId: string;
  readonly clientInfo: string;
}

interface KnownFollower extends FollowerInfo {
  time: number;
  expires: number;
  lastServedTick: bigint;
}

/** The followers of a leader. */
export class KnownFollowers {
  readonly #now: () => number;
  readonly #followers = new Map<string, KnownFollower>();

  /** @param now the wall clock in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Notes that a follower has asked for something.
   *
   * @param lastServedTick how far it has read
   * @param ttl seconds for which it is remembered
   */
  note(follower: FollowerInfo, lastServedTick: bigint, ttl: number): void {
    const key = keyOf(follower);
    if (key === "server 0") return;
    const time = this.#now();
    this.#followers.set(key, { ...follower, time, expires: time + ttl * 1000, lastServedTick });
  }

  /** Remembers a follower that is known for so many seconds from now. */
  extend(follower: FollowerInfo, ttl: number): void {
    const known = this.#followers.get(keyOf(follower));
    if (!known) return;
    known.time = this.#now();
    known.expires = known.time + ttl * 1000;
  }

  /** Forgets a follower. */
  forget(follower: FollowerInfo): void {
    this.#followers.delete(`syncer ${follower.syncerId}`);
    this.#followers.delete(`server ${follower.serverId}`);
  }

  /** The followers that have not expired. */
  list(): object[] {
    const now = this.#now();
    for (const [key, { expires }] of this.#followers) if (expires <= now) this.#followers.delete(key);
    return [...this.#followers.values()].map(({ syncerId, serverId, clientInfo, time, expires, lastServedTick }) => ({
      syncerId,
      serverId,
      clientInfo,
      time: timestamp(time),
      expires: timestamp(expires),
      lastServedTick: `${lastServedTick}`,
    }));
  }
}

function keyOf({ syncerId, serverId }: FollowerInfo): string {
  return syncerId !== "0" ? `syncer ${syncerId}` : `server ${serverId}`;
}
