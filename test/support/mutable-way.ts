import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server on which connections can die as they do behind a firewall: nobody is told, and nothing comes any more. */
export class MutableWay {
  private readonly ends = new Set<Socket>();
  private readonly pairs = new Set<readonly [Socket, Socket]>();

  private constructor(private readonly server: Server) {}

  /** @param url of the server, whose scheme the way keeps */
  static async to(url: string): Promise<MutableWay> {
    const { hostname, port } = new URL(url);
    const server = createServer();
    const way = new MutableWay(server);
    server.on('connection', (near) => {
      way.join(near, connect(Number(port), hostname));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return way;
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Of the connections there are, nothing arrives from now on; new ones work. */
  swallowWhatThereIs(): void {
    for (const [near, far] of this.pairs) {
      near.unpipe(far).resume();
      far.unpipe(near).resume();
    }
  }

  async close(): Promise<void> {
    for (const end of this.ends) end.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: Socket, far: Socket): void {
    for (const end of [near, far]) this.ends.add(end.on('error', () => undefined));
    this.pairs.add([near, far]);
    near.pipe(far).pipe(near);
  }
}
