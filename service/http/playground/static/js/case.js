/** A page and its segments -> a `.page` case, as tests/pages.py reads it. Pure. */

// What a person can't see, or a file would not carry: controls, spaces other than the space, marks of
// direction, line separators. Joiners stay: Persian and Hindi words are written with them. A backslash stands
// for itself doubled.
const HIDDEN =
  /[\\\u0000-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb]/gu;

/** The whole file. */
export function pageCase(why, text, segments) {
  const lines = text.split("\n");
  const labels = labelsOf(lines, segments);
  const width = Math.max(0, ...labels.map((label) => label.length));
  const rows = lines.map((line, i) => `${labels[i].padEnd(width)} | ${escaped(line)}`.trimEnd());
  const told = why.replace(/\s+/g, " ").trim() || "Saved from the playground; say here what this page shows.";
  return `${told}\n\n${rows.join("\n")}\n`;
}

/** For each line the label under which most of it was cut or lifted; empty where most of it was kept. */
export function labelsOf(lines, segments) {
  let at = 0;
  let first = 0;
  return lines.map((line) => {
    const end = at + line.length;
    const chars = new Map();
    while (first < segments.length && segments[first].end <= at) first += 1;
    for (let i = first; i < segments.length && segments[i].start < end; i += 1) {
      const { start, end: stop, action, label } = segments[i];
      const cut = line.slice(Math.max(at, start) - at, Math.min(end, stop) - at);
      const gone = action === "removed" || action === "lifted" ? label : "";
      if (cut) chars.set(gone, (chars.get(gone) ?? 0) + [...cut].length);
    }
    at = end + 1;
    return [...chars].reduce((best, one) => (one[1] > best[1] ? one : best), ["", 0])[0];
  });
}

/** Characters that can't be seen as Python escapes, the blank at a line's end too. */
export function escaped(line) {
  return line.replace(HIDDEN, escape).replace(/ $/, "\\x20");
}

function escape(character) {
  if (character === "\\") return "\\\\";
  if (character === "\t") return "\\t";
  if (character === "\r") return "\\r";
  const code = character.codePointAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

/** A file name: what the case claims, from the first words of its sentence. */
export function caseName(kind, why) {
  const words = why.toLowerCase().match(/[a-z0-9]+/g) ?? ["page"];
  return `${kind}_${words.slice(0, 6).join("_")}.page`;
}
