import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min, ValidateBy } from 'class-validator';
import { isRateLimit } from './formats';

/** A whole number. Anything but digits is left as it is and then refused, never coerced. */
export function WholeNumber(min: number, max: number): PropertyDecorator {
  const parse = (value: unknown): unknown =>
    typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  const range = `must be a whole number from ${min} to ${max}`;
  return applyDecorators(
    Transform(({ value }) => parse(value)),
    IsInt({ message: range }),
    Min(min, { message: range }),
    Max(max, { message: range }),
  );
}

/** A variable that may be left out. */
export function Optional(): PropertyDecorator {
  return IsOptional();
}

/** How many requests in how many seconds, and how many at once. */
export function RateLimit(): PropertyDecorator {
  return Text('must be count/seconds or count/seconds/burst', isRateLimit);
}

/** One of two words, read as a boolean: `true`/`false` or `on`/`off`. */
export function Switch(yes: string, no: string): PropertyDecorator {
  const parse = (value: unknown): unknown => (value === yes ? true : value === no ? false : value);
  return applyDecorators(
    Transform(({ value }) => parse(value)),
    IsOptional(),
    IsBoolean({ message: `must be ${yes} or ${no}` }),
  );
}

/** One word of a closed list. */
export function OneOf(...words: readonly string[]): PropertyDecorator {
  return applyDecorators(IsOptional(), IsIn(words, { message: `must be one of ${words.join(', ')}` }));
}

/** A text that `holds`; `message` says what it must be and never repeats the value. */
export function Text(message: string, holds: (value: string) => boolean = () => true): PropertyDecorator {
  const matches = (value: unknown): boolean => typeof value === 'string' && holds(value);
  return applyDecorators(
    IsOptional(),
    IsString({ message }),
    MaxLength(16_384, { message }),
    ValidateBy({ name: 'text', validator: { validate: matches, defaultMessage: () => message } }),
  );
}

/** A comma-separated list in which every entry `holds`. */
export function ListOf(message: string, holds: (entry: string) => boolean): PropertyDecorator {
  return Text(message, (value) => entries(value).every(holds));
}

/** The entries of a comma-separated list, without the blanks around them. */
export function entries(list: string | undefined): readonly string[] {
  return (list ?? '').split(',').flatMap((entry) => entry.trim() || []);
}
