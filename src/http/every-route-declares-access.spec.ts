import { Controller, Get } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { Public } from '../platform/http/access';
import { EveryRouteDeclaresAccess } from './every-route-declares-access';

@Controller('declared')
class Declared {
  @Get()
  @Public()
  open(): void {}
}

@Controller('forgotten')
class Forgotten {
  @Get()
  @Public()
  open(): void {}

  @Get('secret')
  secret(): void {}

  helper(): void {}
}

const serviceWith = async (controller: new () => unknown): Promise<unknown> => {
  const imports = [DiscoveryModule];
  const module = await Test.createTestingModule({
    imports,
    controllers: [controller],
    providers: [EveryRouteDeclaresAccess],
  }).compile();
  return module.init();
};

describe('a service with a route of which nobody said who may call it', () => {
  it('does not start, and names the route', async () => {
    await expect(serviceWith(Forgotten)).rejects.toThrow('No access rule on: Forgotten.secret');
  });

  it('starts once every route says so', async () => {
    await expect(serviceWith(Declared)).resolves.toBeDefined();
  });
});
