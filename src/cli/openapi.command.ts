import { Command } from 'nest-commander';
import { describeService } from '../boot/describe';
import { DoorwardCommand } from './command';
import { written } from './terminal';

@Command({ name: 'openapi', description: 'Print the OpenAPI document; needs no database' })
export class OpenApiCommand extends DoorwardCommand {
  async run(): Promise<void> {
    await written(`${JSON.stringify(await describeService(), null, 2)}\n`);
  }
}
