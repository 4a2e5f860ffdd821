import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { SealBroken, SecretBox } from '../../../platform/crypto/secret-box';
import { Database } from '../../../platform/database/database';
import { Factors } from '../application/factors.port';
import { Factor, type FactorState } from '../domain/factor';
import { FactorGuesses, type FactorGuessesState } from '../domain/factor-guesses';
import { FACTOR_TYPES, type FactorType, type Method } from '../domain/method';

type FoundFactor = {
  id: string;
  user_id: UserId;
  type: FactorType;
  label: string;
  secret: Buffer | null;
  /** What is wider than a number of JavaScript comes as text. */
  last_step: string | null;
  created_at: Date;
  confirmed_at: Date | null;
  last_used_at: Date | null;
  held_until: Date | null;
};

type FoundGuesses = {
  recent: { method: Method; at: number }[];
  failures: FactorGuessesState['failures'];
  stopped: Partial<Record<Method, number>>;
};

const COLUMNS = 'id, user_id, type, label, secret, last_step, created_at, confirmed_at, last_used_at, held_until';
const IN_ORDER = `array_position(ARRAY['${FACTOR_TYPES.join("','")}'], type)`;

/** A secret moved to another user's row, or to another factor, does not open there. */
const boxContext = (userId: string, id: string): string => `factors/${userId}/${id}`;

@Injectable()
export class SqlFactors extends Factors {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {
    super();
  }

  async take(user: UserId): Promise<FactorGuesses> {
    const [row] = await this.database.writer.query<FoundGuesses[]>(
      `INSERT INTO factor_guesses (user_id, recent, failures, stopped) VALUES ($1, '[]', '{}', '{}')
       ON CONFLICT (user_id) DO UPDATE SET user_id = EXCLUDED.user_id RETURNING recent, failures, stopped`,
      [user],
    );
    return guessesOf(user, row);
  }

  async saveGuesses(guesses: FactorGuesses): Promise<void> {
    const { userId, recent, failures, stopped } = guesses.snapshot();
    await this.database.writer.query(
      'UPDATE factor_guesses SET recent = $2, failures = $3, stopped = $4 WHERE user_id = $1',
      [
        userId,
        JSON.stringify(recent.map(({ method, at }) => ({ method, at: at.getTime() }))),
        JSON.stringify(failures),
        JSON.stringify(Object.fromEntries(Object.entries(stopped).map(([method, at]) => [method, at.getTime()]))),
      ],
    );
  }

  async guessesOf(user: UserId): Promise<FactorGuesses> {
    const sql = 'SELECT recent, failures, stopped FROM factor_guesses WHERE user_id = $1';
    const [row] = await this.database.reader.query<FoundGuesses[]>(sql, [user]);
    return guessesOf(user, row);
  }

  async confirmedOf(user: UserId): Promise<readonly Factor[]> {
    const sql = `SELECT ${COLUMNS} FROM factors WHERE user_id = $1 AND confirmed_at IS NOT NULL ORDER BY ${IN_ORDER}`;
    const rows = await this.database.reader.query<FoundFactor[]>(sql, [user]);
    return rows.map((row) => this.factorOf(row));
  }

  async confirmedOne(user: UserId, type: FactorType): Promise<Factor | null> {
    const sql = `SELECT ${COLUMNS} FROM factors WHERE user_id = $1 AND type = $2 AND confirmed_at IS NOT NULL`;
    const [row] = await this.database.reader.query<FoundFactor[]>(sql, [user, type]);
    return row ? this.factorOf(row) : null;
  }

  async typesOf(user: UserId): Promise<readonly FactorType[]> {
    const sql = `SELECT type FROM factors WHERE user_id = $1 AND confirmed_at IS NOT NULL ORDER BY ${IN_ORDER}`;
    const rows = await this.database.reader.query<Pick<FoundFactor, 'type'>[]>(sql, [user]);
    return rows.map(({ type }) => type);
  }

  async numbersOf(user: UserId): Promise<readonly string[]> {
    const sql = `SELECT ${COLUMNS} FROM factors WHERE user_id = $1 AND type = 'sms' AND confirmed_at IS NOT NULL`;
    const rows = await this.database.reader.query<FoundFactor[]>(sql, [user]);
    return rows.flatMap((row) => this.openedOrNull(row)?.toString() ?? []);
  }

  async allOf(user: UserId): Promise<readonly Factor[]> {
    const sql = `SELECT ${COLUMNS} FROM factors WHERE user_id = $1 ORDER BY created_at, id`;
    const rows = await this.database.reader.query<FoundFactor[]>(sql, [user]);
    return rows.map((row) => Factor.restore({ ...stateOf(row), secret: this.openedOrNull(row) }));
  }

  async beingSetUp(user: UserId, type: FactorType, now: Date): Promise<Factor | null> {
    // Held, for who forgets abandoned ones holds nothing of the account.
    const sql = `SELECT ${COLUMNS} FROM factors WHERE user_id = $1 AND type = $2 AND confirmed_at IS NULL FOR UPDATE`;
    const [row] = await this.database.writer.query<FoundFactor[]>(sql, [user, type]);
    const factor = row && this.factorOf(row);
    return factor?.isBeingSetUp(now) === true ? factor : null;
  }

  async begin(factor: Factor): Promise<void> {
    const { id, userId, type, label, secret, createdAt } = factor.snapshot();
    await this.database.writer.query('DELETE FROM factors WHERE user_id = $1 AND type = $2 AND confirmed_at IS NULL', [
      userId,
      type,
    ]);
    await this.database.writer.query(
      'INSERT INTO factors (id, user_id, type, label, secret, created_at) VALUES ($1, $2, $3, $4, $5, $6)',
      [id, userId, type, label, secret && this.box.seal(Buffer.from(secret), boxContext(userId, id)), createdAt],
    );
  }

  async confirm(factor: Factor): Promise<boolean> {
    const { id, userId, type, confirmedAt } = factor.snapshot();
    const [, replaced] = await this.database.writer.query<[unknown, number]>(
      'DELETE FROM factors WHERE user_id = $1 AND type = $2 AND confirmed_at IS NOT NULL',
      [userId, type],
    );
    await this.database.writer.query('UPDATE factors SET confirmed_at = $2 WHERE id = $1', [id, confirmedAt]);
    await this.save(factor);
    return replaced > 0;
  }

  /** The account is held by now; that a step is used once (MF-02) does not hang on that alone. */
  async spend(factor: Factor, step: number): Promise<boolean> {
    const [, spent] = await this.database.writer.query<[unknown, number]>(
      'UPDATE factors SET last_step = $2 WHERE id = $1 AND (last_step IS NULL OR last_step < $2)',
      [factor.snapshot().id, step],
    );
    return spent === 1;
  }

  async save(factor: Factor): Promise<void> {
    const { id, label, lastUsedAt, heldUntil } = factor.snapshot();
    const sql = 'UPDATE factors SET label = $2, last_used_at = $3, held_until = $4 WHERE id = $1';
    await this.database.writer.query(sql, [id, label, lastUsedAt, heldUntil]);
  }

  async remove(user: UserId, type: FactorType): Promise<boolean> {
    const [removed] = await this.database.writer.query<[Pick<FoundFactor, 'confirmed_at'>[], number]>(
      'DELETE FROM factors WHERE user_id = $1 AND type = $2 RETURNING confirmed_at',
      [user, type],
    );
    return removed.some(({ confirmed_at: confirmedAt }) => confirmedAt !== null);
  }

  async removeAll(user: UserId): Promise<readonly FactorType[]> {
    const types = await this.typesOf(user);
    await this.database.writer.query('DELETE FROM factors WHERE user_id = $1', [user]);
    await this.database.writer.query('DELETE FROM factor_guesses WHERE user_id = $1', [user]);
    return types;
  }

  async removeAbandoned(before: Date, limit: number): Promise<number> {
    const [, removed] = await this.database.writer.query<[unknown, number]>(
      `DELETE FROM factors WHERE id IN (
         SELECT id FROM factors WHERE confirmed_at IS NULL AND created_at < $1
         ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [before, limit],
    );
    return removed;
  }

  private factorOf(row: FoundFactor): Factor {
    return Factor.restore({ ...stateOf(row), secret: this.opened(row) });
  }

  private opened({ id, user_id: userId, secret }: FoundFactor): Buffer | null {
    return secret && this.box.open(secret, boxContext(userId, id));
  }

  /** What does not open keeps nobody from the rest. */
  private openedOrNull(row: FoundFactor): Buffer | null {
    try {
      return this.opened(row);
    } catch (error) {
      if (error instanceof SealBroken) return null;
      throw error;
    }
  }
}

function stateOf(row: FoundFactor): Omit<FactorState, 'secret'> {
  return {
    id: row.id,
    userId: row.user_id,
    type: row.type,
    label: row.label,
    lastStep: row.last_step === null ? null : Number(row.last_step),
    createdAt: row.created_at,
    confirmedAt: row.confirmed_at,
    lastUsedAt: row.last_used_at,
    heldUntil: row.held_until,
  };
}

function guessesOf(userId: UserId, row: FoundGuesses | undefined): FactorGuesses {
  if (!row) return FactorGuesses.none(userId);
  const stopped = Object.entries(row.stopped).map(([method, at]) => [method, new Date(at)] as const);
  return FactorGuesses.restore({
    userId,
    recent: row.recent.map(({ method, at }) => ({ method, at: new Date(at) })),
    failures: row.failures,
    stopped: Object.fromEntries(stopped),
  });
}
