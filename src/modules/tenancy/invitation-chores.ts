import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Chores } from '../../platform/time/chores';
import { RemoveEndedInvitations } from './application/invitations/remove-ended-invitations';

const CLEANING_SECONDS = 3600;

/** What recurs for invitations, and how often. */
@Injectable()
export class InvitationChores implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly endedInvitations: RemoveEndedInvitations,
  ) {}

  onModuleInit(): void {
    const run = (): Promise<number> => this.endedInvitations.execute();
    this.chores.add({ name: 'ended-invitations', everySeconds: CLEANING_SECONDS, run });
  }
}
