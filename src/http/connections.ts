import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answerBrokenConnection } from './broken-connection';

/** How much time a client may take. Being slow costs the client alone: nobody waits for it, and in the end it is cut. */
export type ConnectionLimits = {
  /** To the end of the headers, from the opening of the connection or the first byte of a further request. */
  readonly headersMs: number;
  /** From the same moment to the end of the body: a byte a second does not prolong it. */
  readonly requestMs: number;
  /** With nothing coming or going while an answer is due. Longer than the service itself ever needs for one. */
  readonly stalledMs: number;
  /** Between two requests. Longer than the 60 seconds balancers keep theirs, or they would send into a closed one. */
  readonly idleMs: number;
  /** How often clients that are too slow are looked for. */
  readonly checkMs: number;
};

export const CONNECTION_LIMITS: ConnectionLimits = {
  headersMs: 10_000,
  requestMs: 30_000,
  stalledMs: 30_000,
  idleMs: 72_000,
  checkMs: 2_000,
};

const HEADER_LIMIT_BYTES = 16 * 1024;
/** Requests of one connection that may be under way at once. */
const PIPELINED = 16;

/**
 * Makes the one server there is. Left to itself Fastify opens a second one where the host has two addresses, as localhost
 * may, and that one would know nothing of what is set here.
 */
export function serverFactory(publicUrl: string, limits: ConnectionLimits): (listener: RequestListener) => Server {
  const refuse = answerBrokenConnection(publicUrl);
  return (listener) => {
    const options = {
      maxHeaderSize: HEADER_LIMIT_BYTES,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.idleMs,
      connectionsCheckingInterval: limits.checkMs,
      // An old request without a Host gets an answer in our shape: no link is ever made of that header.
      requireHostHeader: false,
    };
    const server = createServer(options, oneAfterAnother(listener))
      .setTimeout(limits.stalledMs)
      .on('clientError', refuse);
    // Node keeps a thousand headers and drops the rest in silence, and a proxy writes its own last. Their size is limited.
    server.maxHeadersCount = 0;
    rememberPeers(server);
    ignoreExpectations(server);
    refuseTunnels(server, refuse);
    return server;
  };
}

/**
 * Requests that come in one piece are all begun at once, however many they are, before anybody else's. No browser sends
 * more than one before its answer; who sends more than a few is cut off.
 */
function oneAfterAnother(listener: RequestListener): RequestListener {
  const underWay = new WeakMap<Socket, number>();
  return (request, response) => {
    const { socket } = request;
    const begun = (underWay.get(socket) ?? 0) + 1;
    underWay.set(socket, begun);
    if (begun > PIPELINED) {
      socket.destroy();
      return;
    }
    response.once('close', () => underWay.set(socket, (underWay.get(socket) ?? 1) - 1));
    listener(request, response);
  };
}

/**
 * An address can be asked for as long as the connection stands, or if it was asked for before. Without this, who sends a
 * request and resets the connection at once is nobody: counted under no address, and recorded without one.
 */
function rememberPeers(server: Server): void {
  server.prependListener('connection', (socket: Socket) => {
    if (socket.remoteAddress === undefined) socket.destroy();
  });
}

/** `Expect: anything` asks for a 417 without a body, which is not the shape of our errors; we just answer. */
function ignoreExpectations(server: Server): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    server.emit('request', request, response);
  });
}

/** CONNECT names a host to reach through us, never a path of ours. Node would hang up without a word. */
function refuseTunnels(server: Server, refuse: (error: Error, socket: Socket) => void): void {
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    // Node no longer listens for errors of this socket, and one that nobody hears ends the process.
    socket.on('error', () => undefined);
    refuse(new Error('CONNECT'), socket);
  });
}
