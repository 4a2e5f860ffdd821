import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Chores } from '../../platform/time/chores';
import { KeyUses } from './application/api-keys/key-uses.port';
import { LastSeen } from './application/sessions/last-seen.port';
import { RemoveEndedSessions } from './application/sessions/remove-ended-sessions';
import { TendSigningKeys } from './application/signing-keys/tend-signing-keys';

const LAST_SEEN_SECONDS = 5;
const KEY_USES_SECONDS = 5;
const KEYS_SECONDS = 10;
const CLEANING_SECONDS = 60;

/** What recurs for sessions and keys, and how often. */
@Injectable()
export class TokenChores implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly lastSeen: LastSeen,
    private readonly endedSessions: RemoveEndedSessions,
    private readonly signingKeys: TendSigningKeys,
    private readonly keyUses: KeyUses,
  ) {}

  onModuleInit(): void {
    const { chores, lastSeen, keyUses, endedSessions, signingKeys } = this;
    chores.add({ name: 'last-seen', everySeconds: LAST_SEEN_SECONDS, run: () => lastSeen.write(), alsoLast: true });
    chores.add({ name: 'api-key-uses', everySeconds: KEY_USES_SECONDS, run: () => keyUses.write(), alsoLast: true });
    chores.add({ name: 'signing-keys', everySeconds: KEYS_SECONDS, run: () => signingKeys.execute() });
    chores.add({ name: 'ended-sessions', everySeconds: CLEANING_SECONDS, run: () => endedSessions.execute() });
  }
}
