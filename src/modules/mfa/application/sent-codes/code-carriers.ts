import { Injectable } from '@nestjs/common';
import type { SentMethod } from '../../domain/method';
import type { CodeCarrier } from './code-carrier';
import { MailedCodes } from './mailed-codes';
import { TextedCodes } from './texted-codes';

/** The ways by which codes reach their users. */
@Injectable()
export class CodeCarriers {
  constructor(
    private readonly mailed: MailedCodes,
    private readonly texted: TextedCodes,
  ) {}

  of(method: SentMethod): CodeCarrier {
    return method === 'sms' ? this.texted : this.mailed;
  }
}
