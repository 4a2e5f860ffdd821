import { entryOf } from './catalogue';

/** The details of an event that its action may carry, all of which are optional. What the catalogue does not name goes nowhere. */
export function listedDetails<D extends object>(action: string, details: D): D {
  const names: readonly string[] = entryOf(action)?.details ?? [];
  return Object.fromEntries(Object.entries(details).filter(([name]) => names.includes(name))) as D;
}
