import { type ArgumentMetadata, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { ValidationFailed, type Violation } from '../kernel/domain-error';
import { Refusal } from './errors';
import { refuseBrokenText } from './strict-json';

const PLAIN_TYPES: readonly unknown[] = [String, Boolean, Number, Array, Object];
const SHOWN_NAME_LENGTH = 64;

/** Turns a body or a query into its DTO: unknown fields are refused, nothing is coerced, everything wrong is said at once. */
@Injectable()
export class InputPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if ((type !== 'body' && type !== 'query') || metatype === undefined || PLAIN_TYPES.includes(metatype)) return value;
    const given = value === undefined ? {} : value;
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      throw new Refusal('MALFORMED_REQUEST', 'An object is expected.');
    if (type === 'query')
      Object.values(given)
        .flat()
        .forEach((text) => {
          refuseBrokenText(String(text));
        });

    const known = fieldsOf(metatype);
    const unknown = Object.keys(given).filter((field) => !known.has(field));
    const entries = Object.entries(given).filter(([field]) => known.has(field));
    // Assigned, not transformed: a transformer calls what a hostile value says its constructor is.
    const instance = Object.assign(new (metatype as Type<object>)(), Object.fromEntries(entries));
    const wrong = validateSync(instance, { forbidUnknownValues: false, stopAtFirstError: false });
    const violations = [...wrong.map(violationOf), ...unknown.map(unknownField)];
    if (violations.length > 0) throw new ValidationFailed(violations);
    return instance;
  }
}

/** The fields a DTO says something about: what is not on this list does not exist. */
function fieldsOf(metatype: Type<unknown>): ReadonlySet<string> {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(metatype, '', false, false);
  return new Set(metadata.map(({ propertyName }) => propertyName));
}

function unknownField(field: string): Violation {
  return { field: field.slice(0, SHOWN_NAME_LENGTH), code: 'FIELD_UNKNOWN', message: 'There is no such field.' };
}

/** From the most to the least telling: of a field that is missing, its length is of no interest. */
const CODES: readonly [string, string, string | null][] = [
  ['isNotEmpty', 'FIELD_REQUIRED', 'This field is required.'],
  ['isString', 'FIELD_INVALID', 'This field must be a text.'],
  ['isInt', 'FIELD_INVALID', 'This field must be a whole number.'],
  ['maxLength', 'FIELD_TOO_LONG', 'This field is too long.'],
  ['isEmail', 'EMAIL_INVALID', 'This is not an e-mail address.'],
];

function violationOf({ property, value, constraints = {} }: ValidationError): Violation {
  if (value === undefined || value === null) {
    return { field: property, code: 'FIELD_REQUIRED', message: 'This field is required.' };
  }
  const [, code, message] = CODES.find(([constraint]) => constraint in constraints) ?? ['', 'FIELD_INVALID', null];
  return {
    field: property,
    code,
    message: message ?? Object.values(constraints)[0] ?? 'This value is not acceptable.',
  };
}
