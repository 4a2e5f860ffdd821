import { Injectable } from '@nestjs/common';
import { tenantId, type TenantId, userId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { Challenges } from '../application/challenges/challenges.port';
import { Challenge, type ChallengeState } from '../domain/challenge';

type Found = {
  id: string;
  token_hash: Uint8Array;
  user_id: string;
  tenant_id: string;
  security_stamp: string;
  authentication_methods: string[];
  remember_device: boolean;
  by_username: boolean;
  device_id: string | null;
  risk_score: number;
  risk_signals: string[];
  wrong_codes: number;
  created_at: Date;
  expires_at: Date;
};

const COLUMNS =
  'id, token_hash, user_id, tenant_id, security_stamp, authentication_methods, remember_device, by_username, ' +
  'device_id, risk_score, risk_signals, wrong_codes, created_at, expires_at';

@Injectable()
export class SqlChallenges extends Challenges {
  constructor(private readonly database: Database) {
    super();
  }

  async add(challenge: Challenge): Promise<void> {
    const s = challenge.snapshot();
    await this.database.writer.query(
      `INSERT INTO challenges (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      [
        s.id,
        Buffer.from(s.tokenHash),
        s.userId,
        s.tenantId,
        s.securityStamp,
        s.authenticationMethods,
        s.rememberDevice,
        s.byUsername,
        s.deviceId,
        s.riskScore,
        s.riskSignals,
        s.wrongCodes,
        s.createdAt,
        s.expiresAt,
      ],
    );
  }

  async find(tokenHash: Uint8Array): Promise<Challenge | null> {
    const sql = `SELECT ${COLUMNS} FROM challenges WHERE token_hash = $1`;
    return challengeOf(await this.database.reader.query<Found[]>(sql, [Buffer.from(tokenHash)]));
  }

  async take(id: string): Promise<Challenge | null> {
    const sql = `SELECT ${COLUMNS} FROM challenges WHERE id = $1 FOR UPDATE`;
    return challengeOf(await this.database.writer.query<Found[]>(sql, [id]));
  }

  async save(challenge: Challenge): Promise<void> {
    const { id, wrongCodes } = challenge.snapshot();
    await this.database.writer.query('UPDATE challenges SET wrong_codes = $2 WHERE id = $1', [id, wrongCodes]);
  }

  async remove(id: string): Promise<void> {
    await this.database.writer.query('DELETE FROM challenges WHERE id = $1', [id]);
  }

  async removeAllIn(tenant: TenantId): Promise<void> {
    // In one order for everybody who takes several.
    const sql = 'SELECT id FROM challenges WHERE tenant_id = $1 ORDER BY id FOR UPDATE';
    await this.database.writer.query(`DELETE FROM challenges WHERE id IN (${sql})`, [tenant]);
  }

  async removeEnded(before: Date, limit: number): Promise<number> {
    // What DELETE answers is a pair: the rows, and how many.
    const [, removed] = await this.database.writer.query<[unknown, number]>(
      `DELETE FROM challenges WHERE id IN (
         SELECT id FROM challenges WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [before, limit],
    );
    return removed;
  }
}

function challengeOf([row]: readonly Found[]): Challenge | null {
  if (!row) return null;
  return Challenge.restore({
    id: row.id,
    tokenHash: row.token_hash,
    userId: userId(row.user_id),
    tenantId: tenantId(row.tenant_id),
    securityStamp: row.security_stamp,
    authenticationMethods: row.authentication_methods,
    rememberDevice: row.remember_device,
    byUsername: row.by_username,
    deviceId: row.device_id,
    riskScore: row.risk_score,
    riskSignals: row.risk_signals as ChallengeState['riskSignals'],
    wrongCodes: row.wrong_codes,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  });
}
