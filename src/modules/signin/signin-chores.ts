import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Chores } from '../../platform/time/chores';
import { RemoveEndedChallenges } from './application/challenges/remove-ended-challenges';
import { RemoveForgottenPlaces } from './application/remove-forgotten-places';

const PLACES_SECONDS = 3600;
const CHALLENGES_SECONDS = 60;

/** What recurs for signing in, and how often. */
@Injectable()
export class SigninChores implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly forgottenPlaces: RemoveForgottenPlaces,
    private readonly endedChallenges: RemoveEndedChallenges,
  ) {}

  onModuleInit(): void {
    const { chores, forgottenPlaces, endedChallenges } = this;
    chores.add({ name: 'forgotten-places', everySeconds: PLACES_SECONDS, run: () => forgottenPlaces.execute() });
    chores.add({ name: 'ended-challenges', everySeconds: CHALLENGES_SECONDS, run: () => endedChallenges.execute() });
  }
}
