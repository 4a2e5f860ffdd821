import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import type { SentMethod } from '../../mfa/mfa.facade';
import { SHOWN_METHODS, type ShownMethod } from '../application/shown-method';
import { CODE_MAX, SENT_METHODS } from './challenge.dto';

/** What the form sends by which a code is shown. A form sends its empty fields too, and of a box only that it is ticked. */
export class SecondFactorForm {
  @IsIn(SHOWN_METHODS)
  method!: ShownMethod;

  @IsString()
  @MaxLength(CODE_MAX)
  code!: string;

  @IsOptional()
  @IsIn(['true'])
  remember_device?: string;
}

/** What the button sends that has a code sent. */
export class SendCodeForm {
  @IsIn(SENT_METHODS)
  method!: SentMethod;
}
