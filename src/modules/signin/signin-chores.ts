import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Chores } from '../../platform/time/chores';
import { RemoveForgottenPlaces } from './application/remove-forgotten-places';

const CLEANING_SECONDS = 3600;

/** What recurs for signing in, and how often. */
@Injectable()
export class SigninChores implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly forgottenPlaces: RemoveForgottenPlaces,
  ) {}

  onModuleInit(): void {
    const run = (): Promise<number> => this.forgottenPlaces.execute();
    this.chores.add({ name: 'forgotten-places', everySeconds: CLEANING_SECONDS, run });
  }
}
