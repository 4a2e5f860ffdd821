import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import fastify from 'fastify';
import { CONNECTION_LIMITS, serverFactory } from './connections';

async function said(host: string, port: number, bytes: string): Promise<string> {
  return text(connect(port, host).end(bytes));
}

it('what is broken is answered in the shape of every error, once, wherever it is listened', async () => {
  const factory = serverFactory('http://localhost:3000', CONNECTION_LIMITS);
  const service = fastify({ serverFactory: factory, clientErrorHandler: () => undefined });
  await service.listen({ port: 0, host: 'localhost' });

  for (const { address, port } of service.addresses() as AddressInfo[]) {
    for (const bytes of ['nonsense\r\n\r\n', 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n']) {
      const answer = await said(address, port, bytes);
      expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*X-Content-Type-Options: nosniff[^]*"error_code":"MALFORMED_REQUEST"/);
      expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    }
  }

  await service.close();
});
