/** A page's text and its segments -> lines of pieces. Pure. */

const LONG = 6000; // characters after which a line is shown as two, between segments

/** Lines in page order: { start, end, pieces, broken }. A piece: { start, end, index }, -1 for white space.
 *
 * Pieces laid end to end are the line. A segment over several lines has a piece on each. `broken`: the
 * line goes on from the one before, which would be too long to lay out at once.
 */
export function* linesOf(text, segments) {
  let at = 0;
  let index = 0;
  for (;;) {
    const found = text.indexOf("\n", at);
    const end = found < 0 ? text.length : found;
    let start = at;
    let pieces = [];
    let broken = false;
    let here = at;
    while (index < segments.length && segments[index].end <= here) index += 1;
    for (let next = index; next < segments.length && segments[next].start < end; next += 1) {
      const from = Math.max(here, segments[next].start);
      const to = Math.min(end, segments[next].end);
      if (from > here) pieces.push({ start: here, end: from, index: -1 });
      if (to > from) pieces.push({ start: from, end: to, index: next });
      here = Math.max(here, to);
      index = next;
      if (here - start > LONG && here < end) {
        yield { start, end: here, pieces, broken };
        [start, pieces, broken] = [here, [], true];
      }
    }
    if (here < end) pieces.push({ start: here, end, index: -1 });
    yield { start, end, pieces, broken };
    if (found < 0) return;
    at = end + 1;
  }
}

/** How often each kind of segment occurs, as { key, action, label, pieces, chars }, in page order. */
export function tally(segments) {
  const kinds = new Map();
  for (const segment of segments) {
    const key = keyOf(segment);
    const kind = kinds.get(key) ?? { key, action: segment.action, label: segment.label, pieces: 0, chars: 0 };
    kind.pieces += 1;
    kind.chars += segment.end - segment.start;
    kinds.set(key, kind);
  }
  return [...kinds.values()];
}

/** What a filter picks: an action and a label. */
export const keyOf = (segment) => `${segment.action}:${segment.label}`;
