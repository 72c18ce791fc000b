/** Which way a line runs.
 *
 * By the words on it, as in Closure's bidi estimate, and not by the first letter alone: a prefix glued to
 * an Arabic sentence, a file name or a handle before it must not turn it round. Four words in ten are
 * enough for right-to-left; addresses, file names, handles and numbers do not vote.
 */

const RTL =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}]/u;
const LETTER = /\p{L}/u;
const NEUTRAL = /^(?:https?:|www\.)|^\S*\.(?:jpe?g|png|gif|webp|mp4|pdf)$|^\(?@|^pic\.twitter/iu;
const SAMPLE = 4000; // characters; a line shows its direction long before
const THRESHOLD = 0.4;

/** "rtl", "ltr", or `otherwise` where no word has a direction. */
export function directionOf(text, otherwise = "ltr") {
  let rtl = 0;
  let ltr = 0;
  for (const word of text.slice(0, SAMPLE).split(/\s+/u)) {
    const letter = LETTER.exec(word);
    if (!letter || NEUTRAL.test(word)) continue;
    if (RTL.test(letter[0])) rtl += 1;
    else ltr += 1;
  }
  if (rtl + ltr === 0) return otherwise;
  return rtl / (rtl + ltr) > THRESHOLD ? "rtl" : "ltr";
}

/** The direction of the first letter; `otherwise` where there is none. What votes for no line, as a file name
 * or a handle, is still written its own way. */
export function firstDirection(text, otherwise = "ltr") {
  const letter = LETTER.exec(text.slice(0, SAMPLE));
  if (!letter) return otherwise;
  return RTL.test(letter[0]) ? "rtl" : "ltr";
}
