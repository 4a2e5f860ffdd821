import { Injectable } from '@nestjs/common';
import { ProcessSettings, SignInSettings } from '../../../../platform/config/settings';

/** What mails about addresses and passwords go by. */
@Injectable()
export class MailboxSettings {
  /** The only base of links, whatever host a request names. */
  readonly publicUrl: string;
  readonly emailVerifySeconds: number;
  readonly passwordResetSeconds: number;

  constructor(process: ProcessSettings, signIn: SignInSettings) {
    this.publicUrl = process.publicUrl;
    this.emailVerifySeconds = signIn.emailVerifySeconds;
    this.passwordResetSeconds = signIn.passwordResetSeconds;
  }
}
