import type { FileFindings, Finding } from '../modules/audit/seals.facade';
import { type Json, printable } from './terminal';

export function findingJson({ sequence, eventId, seal, reason }: Finding): Json {
  return { sequence, event_id: eventId, seal, reason };
}

/** What was looked at, from where to where. */
export function filesWords({ events, seals, chain, unsealed }: Omit<FileFindings, 'findings' | 'omitted'>): string {
  const span =
    chain === null
      ? ''
      : `, from seal ${chain.first.number} (${chain.first.hash}) to ${chain.last.number} (${chain.last.hash})`;
  const beyond = unsealed === 0 ? '' : `; ${unsealed} behind the last seal are not covered`;
  return `${events} events in ${seals} seals${span}${beyond}`;
}

/** How much more is wrong than is listed. */
export function omittedWords(omitted: number): readonly string[] {
  return omitted === 0 ? [] : [`And ${omitted} more.`];
}

/** What is wrong, and with which event or seal. */
export function findingWords({ sequence, eventId, seal, reason }: Finding): string {
  const event = `Event ${sequence}${eventId === null ? '' : ` (${printable(eventId)})`}`;
  switch (reason) {
    case 'altered':
      return `${event} is not as it was written.`;
    case 'missing':
      return `${event} was sealed and is gone.`;
    case 'inserted':
      return `${event} was not written by the service.`;
    case 'reordered':
      return `${event} stands in the place of another.`;
    case 'seal_altered':
      return `Seal ${seal ?? '?'} (events from ${sequence} on) is not as it was made.`;
    case 'seal_missing':
      return `Seal ${seal ?? '?'} (events from ${sequence} on) is gone, or is not the one that was known.`;
    case 'key_unknown':
      return `Seal ${seal ?? '?'} (events from ${sequence} on) is signed with a key that is none of this service.`;
  }
}
