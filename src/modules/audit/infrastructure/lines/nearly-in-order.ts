import { type LoggedEvent, sequenceOf } from '../../domain/seals/logged-event';

/** Far more events than happen while one transaction is under way. */
const LOOKED_AHEAD = 10_000;

/**
 * Events in the order of their numbers, from a file in which they may stand in the order of time: who took a number first did
 * not always happen first. Each line says its number, so where it stands says nothing. A line that is too far from its
 * place comes when it comes.
 */
export async function* nearlyInOrder(
  events: AsyncIterable<LoggedEvent>,
  lookedAhead = LOOKED_AHEAD,
): AsyncGenerator<LoggedEvent, undefined> {
  const waiting: LoggedEvent[] = [];
  for await (const event of events) {
    const place = waiting.findLastIndex((other) => sequenceOf(other) <= sequenceOf(event));
    waiting.splice(place + 1, 0, event);
    const first = waiting.length > lookedAhead ? waiting.shift() : undefined;
    if (first) yield first;
  }
  yield* waiting;
}
