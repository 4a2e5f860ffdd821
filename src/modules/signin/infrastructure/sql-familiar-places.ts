import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { type Familiarity, FamiliarPlaces, type Place } from '../application/familiar-places.port';
import { forgottenSince, PLACES_KEPT } from '../domain/familiar-place';

type Found = {
  has_history: boolean;
  device_is_known: boolean;
  network_is_known: boolean;
  other_network_at: Date | null;
};

@Injectable()
export class SqlFamiliarPlaces extends FamiliarPlaces {
  constructor(private readonly database: Database) {
    super();
  }

  /** One row comes back whatever there is, so that nobody's account costs what any other does. */
  async recall(account: string, { device, network }: Place, now: Date): Promise<Familiarity> {
    const [found] = await this.database.reader.query<[Found]>(
      `SELECT count(*) > 0 AS has_history,
              COALESCE(bool_or(kind = 'device' AND value = $2), false) AS device_is_known,
              COALESCE(bool_or(kind = 'network' AND value = $3) OR NOT bool_or(kind = 'network'), false)
                AS network_is_known,
              max(last_seen_at) FILTER (WHERE kind = 'network' AND value <> $3) AS other_network_at
       FROM familiar_places WHERE user_id = $1 AND last_seen_at > $4`,
      [account, device, network, forgottenSince(now)],
    );
    return {
      hasHistory: found.has_history,
      deviceIsKnown: found.device_is_known,
      networkIsKnown: found.network_is_known,
      otherNetworkSecondsAgo: found.other_network_at && secondsBetween(found.other_network_at, now),
    };
  }

  /**
   * The user is held before anything is written. The reference to users would do so only afterwards, and two who each
   * hold the user or the place that the other one wants would wait in a circle.
   */
  async remember(account: string, { device, network }: Place, now: Date): Promise<void> {
    await this.database.writer.query(
      `WITH held AS (
         SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE
       ), seen AS (
         INSERT INTO familiar_places AS p (user_id, kind, value, first_seen_at, last_seen_at)
         SELECT held.id, place.kind, place.value, $4, $4
         FROM held, (VALUES ('device', $2::text), ('network', $3::text)) AS place (kind, value)
         WHERE place.value IS NOT NULL
         ON CONFLICT ON CONSTRAINT familiar_places_pkey DO UPDATE
           SET last_seen_at = GREATEST(p.last_seen_at, excluded.last_seen_at)
         RETURNING p.kind, p.value
       ), others AS (
         SELECT kind, value, row_number() OVER (PARTITION BY kind ORDER BY last_seen_at DESC, value) AS place
         FROM familiar_places WHERE user_id = $1 AND (kind, value) NOT IN (SELECT kind, value FROM seen)
       )
       DELETE FROM familiar_places WHERE user_id = $1 AND (kind, value) IN (
         SELECT kind, value FROM others
         WHERE place > $5 - (SELECT count(*) FROM seen WHERE seen.kind = others.kind))`,
      [account, device, network, now, PLACES_KEPT],
    );
  }

  async forget(user: UserId): Promise<void> {
    await this.database.writer.query('DELETE FROM familiar_places WHERE user_id = $1', [user]);
  }

  async removeForgotten(seenUntil: Date, limit: number): Promise<number> {
    // What DELETE answers is a pair: the rows, and how many.
    const [, removed] = await this.database.writer.query<[unknown, number]>(
      `DELETE FROM familiar_places WHERE (user_id, kind, value) IN (
         SELECT user_id, kind, value FROM familiar_places WHERE last_seen_at <= $1
         ORDER BY last_seen_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [seenUntil, limit],
    );
    return removed;
  }
}

/** Another replica's clock may be a little ahead: what it saw is not in the future. */
function secondsBetween(seenAt: Date, now: Date): number {
  return Math.max(0, Math.floor((now.getTime() - seenAt.getTime()) / 1000));
}
