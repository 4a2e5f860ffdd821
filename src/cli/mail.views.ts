import type { MailView } from '../platform/mail/mail-administration';

/** A mail or text message as programs read one; nothing of what it says. */
export function mailJson(mail: MailView): Readonly<Record<string, string | number | null>> {
  return {
    id: mail.id,
    channel: mail.channel,
    template: mail.template,
    recipient: mail.recipient,
    state: mail.state,
    attempts: mail.attempts,
    created_at: mail.createdAt.toISOString(),
    next_attempt_at: mail.nextAttemptAt?.toISOString() ?? null,
    ended_at: mail.endedAt?.toISOString() ?? null,
    last_error: mail.lastError,
  };
}
