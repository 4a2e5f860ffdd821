import { Matches } from 'class-validator';

/** Nor such as turn the direction of what follows, or break the line. */
const NO_CONTROL_CHARACTERS = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u;

/** Text that stays as it looks wherever it is shown. */
export function NoControlCharacters(): PropertyDecorator {
  return Matches(NO_CONTROL_CHARACTERS, { message: 'Use no control characters.' });
}
