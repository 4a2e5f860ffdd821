import { Injectable } from '@nestjs/common';

/** Where the present comes from. Decisions take `now` as an argument; only adapters and edges ask a clock. */
export abstract class Clock {
  abstract now(): Date;
}

@Injectable()
export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}
