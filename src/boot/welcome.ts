import type { CreatedAccount } from '../modules/signin/signin.facade';
import type { Settings } from '../platform/config/settings';

/** What a person reads at the first start. The password is printed here, once, and kept nowhere. */
export function welcome({ process: server }: Settings, administrator: CreatedAccount | null): string {
  const lines = [`Doorward serves ${server.publicUrl}`];
  if (server.docs) lines.push(`  API and Swagger UI   ${server.publicUrl}/docs`);
  if (administrator) lines.push(...credentials(administrator));
  return lines.join('\n');
}

/** The lines that show a made password. */
export function credentials({ user, oneTimePassword }: CreatedAccount): readonly string[] {
  const made =
    oneTimePassword === null
      ? []
      : [`  One-time password    ${oneTimePassword}   (shown once; change it after signing in)`];
  return [`  Administrator        ${user.email}`, ...made];
}
