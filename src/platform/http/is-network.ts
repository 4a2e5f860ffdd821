import { ValidateBy, type ValidationOptions } from 'class-validator';
import { isNetwork } from '../network/networks';

/** An IP address, or a block of them in CIDR notation. */
export function IsNetwork(options?: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown): boolean => typeof value === 'string' && isNetwork(value);
  const message = 'Use an address or a network in CIDR notation, such as 203.0.113.0/24.';
  return ValidateBy({ name: 'isNetwork', validator: { validate, defaultMessage: () => message } }, options);
}
