import { Injectable } from '@nestjs/common';

/** Whether the process is on its way out: it finishes what it has and asks for nothing new. */
@Injectable()
export class Draining {
  private started = false;

  get isDraining(): boolean {
    return this.started;
  }

  begin(): void {
    this.started = true;
  }
}
