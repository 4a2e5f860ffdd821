import type { SmsProvider } from '../config/settings';
import type { OutboundClient } from '../network/outbound/outbound-client';
import { isRefusal, jsonOf, post } from './http-post';
import { NotTaken, refusalOf } from './sms-failure';
import { SmsSender, type TextMessage } from './sms-sender';

export type TwilioSettings = Extract<SmsProvider, { kind: 'twilio' }>;

const ANSWER_MAX_BYTES = 16_384;

/** No such number, none that texts go to, one that has unsubscribed, a country that is not served. */
const ABOUT_THE_NUMBER = new Set([21_211, 21_217, 21_219, 21_408, 21_610, 21_612, 21_614, 21_635, 60_410]);
/** Wrong sender, a full queue, an account that is not in order: it would be said of any message. */
const ABOUT_THE_ACCOUNT = new Set([20_003, 20_005, 20_429, 21_212, 21_603, 21_606, 21_611, 21_659, 21_660, 63_038]);

/**
 * Sends by Twilio's Messages resource. Twilio knows no repetition: a message whose answer was lost may arrive twice.
 * What Twilio says in words is not looked at, for it repeats the number.
 */
export class TwilioSms extends SmsSender {
  private readonly url: string;
  private readonly authorization: string;

  /** @param timeoutMs for one message, from connecting to the end of the answer */
  constructor(
    private readonly settings: TwilioSettings,
    private readonly outbound: OutboundClient,
    private readonly timeoutMs: number,
  ) {
    super();
    const { accountSid, authToken, baseUrl } = settings;
    this.url = `${baseUrl}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`;
    this.authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  }

  async send({ to, text }: TextMessage): Promise<void> {
    const response = await post(this.outbound, this.url, {
      headers: { authorization: this.authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ To: to, From: this.settings.from, Body: text }).toString(),
      timeoutMs: this.timeoutMs,
      maxBytes: ANSWER_MAX_BYTES,
      reads: isRefusal,
    });
    if (!response.ok) throw twilioRefusalOf(response.status, await codeIn(response));
  }
}

/** What a refusal means, by the status of HTTP and, where it is known, Twilio's own code. */
export function twilioRefusalOf(status: number, code: number | null): NotTaken {
  const byStatus = refusalOf(status);
  if (code === null) return byStatus;
  const reason = `TWILIO ${code}`;
  if (status >= 400 && status < 500) {
    if (ABOUT_THE_NUMBER.has(code)) return new NotTaken('refused', reason);
    if (ABOUT_THE_ACCOUNT.has(code) && byStatus.kind === 'refused') return new NotTaken('interrupted', reason);
  }
  return new NotTaken(byStatus.kind, reason);
}

/** `{"code": 21211, "message": …}` */
async function codeIn(response: Response): Promise<number | null> {
  const answer = await jsonOf(response);
  const code = answer !== null && typeof answer === 'object' && 'code' in answer ? answer.code : null;
  return typeof code === 'number' && Number.isSafeInteger(code) && code > 0 ? code : null;
}
