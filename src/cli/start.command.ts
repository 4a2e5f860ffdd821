import { Command } from 'nest-commander';
import { runServer } from '../boot/run-server';
import { DoorwardCommand } from './command';
import { Service } from './service';

@Command({ name: 'start', description: 'Serve HTTP until told to stop' })
export class StartCommand extends DoorwardCommand {
  constructor(private readonly service: Service) {
    super();
  }

  run(): Promise<void> {
    return runServer(this.service.settings());
  }
}
