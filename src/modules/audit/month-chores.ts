import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Chores } from '../../platform/time/chores';
import { MakeMonths } from './application/months/make-months';

const SIX_HOURS_SECONDS = 21_600;

/** Months are there before their first event. One that cannot be made is no reason not to serve. */
@Injectable()
export class MonthChores implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly making: MakeMonths,
  ) {}

  onModuleInit(): void {
    this.chores.add({
      name: 'audit-months',
      everySeconds: SIX_HOURS_SECONDS,
      run: () => this.making.execute(),
      atOnce: true,
    });
  }
}
