import { createHmac } from 'node:crypto';
import type { SmsProvider } from '../config/settings';
import type { OutboundClient } from '../network/outbound/outbound-client';
import type { Clock } from '../time/clock';
import { post } from './http-post';
import { refusalOf } from './sms-failure';
import { SmsSender, type TextMessage } from './sms-sender';

export type WebhookSettings = Extract<SmsProvider, { kind: 'webhook' }>;

/**
 * Hands messages to a server of the operator's, which sends them on. It knows by the signature that they come from here,
 * by the time in it that nobody sends an old one again, and by `Idempotency-Key` which one it has already.
 */
export class WebhookSms extends SmsSender {
  /** @param timeoutMs for one message, from connecting to the answer */
  constructor(
    private readonly settings: WebhookSettings,
    private readonly outbound: OutboundClient,
    private readonly clock: Clock,
    private readonly timeoutMs: number,
  ) {
    super();
  }

  /** Any 2xx takes the message. */
  async send({ id, to, text, writtenAt }: TextMessage): Promise<void> {
    const { url, secret } = this.settings;
    const body = JSON.stringify({ id, to, text, created_at: writtenAt.toISOString() });
    const response = await post(this.outbound, url, {
      headers: {
        'content-type': 'application/json',
        'idempotency-key': id,
        'x-doorward-signature': signatureOf(body, secret, this.clock.now()),
      },
      body,
      timeoutMs: this.timeoutMs,
      reads: () => false,
    });
    if (!response.ok) throw refusalOf(response.status);
  }
}

/** `t=<unix seconds>,v1=<HMAC-SHA-256 of "<t>.<body>" in hex>` */
export function signatureOf(body: string, secret: string, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}
