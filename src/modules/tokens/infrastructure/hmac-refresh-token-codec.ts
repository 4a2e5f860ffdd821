import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { sessionId } from '../../../kernel/ids';
import { MasterKey } from '../../../platform/crypto/master-key';
import { type PresentedRefreshToken, RefreshTokenCodec } from '../application/refresh-token-codec.port';
import type { SessionState } from '../domain/session';

/** Names the kind of token, for people and for secret scanners. Unlike an API key's, it does not begin with `dw_`. */
const PREFIX = 'dwrt_';
const VERSION = 1;
const ID_BYTES = 16;
const PROOF_BYTES = 32;
const BODY_BYTES = 1 + ID_BYTES + 4;
const TOKEN = /^dwrt_[A-Za-z0-9_-]{71}$/;

/**
 * Version (1), session id (16), generation (4), HMAC-SHA-256 (32). The key needs the master key and the session's own
 * secret, so neither a dump of the database nor the master key alone forges a token.
 */
@Injectable()
export class HmacRefreshTokenCodec extends RefreshTokenCodec {
  constructor(private readonly master: MasterKey) {
    super();
  }

  seal(session: SessionState): string {
    const body = this.body(session.id, session.generation);
    return PREFIX + Buffer.concat([body, this.proof(body, session.secret)]).toString('base64url');
  }

  open(token: string): PresentedRefreshToken | null {
    if (!TOKEN.test(token)) return null;
    const bytes = Buffer.from(token.slice(PREFIX.length), 'base64url');
    // The last letter carries spare bits: only the spelling we issue is a token.
    if (bytes.toString('base64url') !== token.slice(PREFIX.length)) return null;
    if (bytes.length !== BODY_BYTES + PROOF_BYTES || bytes[0] !== VERSION) return null;
    const hex = bytes.toString('hex', 1, 1 + ID_BYTES);
    return {
      sessionId: sessionId(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')),
      generation: bytes.readUInt32BE(1 + ID_BYTES),
      proof: bytes.subarray(BODY_BYTES),
    };
  }

  isAuthentic({ sessionId: id, generation, proof }: PresentedRefreshToken, session: SessionState): boolean {
    return id === session.id && timingSafeEqual(proof, this.proof(this.body(id, generation), session.secret));
  }

  private body(id: string, generation: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(generation);
    return Buffer.concat([Buffer.from([VERSION]), Buffer.from(id.replaceAll('-', ''), 'hex'), counter]);
  }

  private proof(body: Buffer, secret: Uint8Array): Buffer {
    return createHmac('sha256', this.master.derive('refresh-token', Buffer.from(secret)))
      .update(body)
      .digest();
  }
}
