/** The text that offsets count in. */

/** Pasted text as it is sent: UTF-8, a lone surrogate as U+FFFD. */
export const encode = (text) => new TextEncoder().encode(text);

/** The answer's own text where it has one; else what came was UTF-8, and its byte order mark is no text. */
export function pageText(result, bytes) {
  return result.renderedText ?? new TextDecoder("utf-8").decode(bytes);
}
