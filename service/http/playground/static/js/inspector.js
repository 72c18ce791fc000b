/** What is known of one segment: label, confidence, the model's word, reasons, the copy that was kept. */

import { directionOf } from "./direction.js";
import { byId, count, el, announce } from "./dom.js";

const WORDS = {
  kept: "kept in the article",
  lifted: "lifted into a field",
  removed: "removed",
  flagged: "in doubt, and kept",
};
const EXCERPT = 160;

/** The panel before anything is picked. */
export function showHint() {
  byId("details").replaceChildren(
    el("p", { class: "hint" }, "Point at a stretch of the page, tap it, or walk with the arrow keys, to see why it was kept or cut."),
  );
}

/** Shows one segment. `go` jumps to another, `only` filters by this one's kind, `close` puts the panel away. */
export function showSegment(page, index, labels, { go, only, close, pinned }) {
  const segment = page.result.segments[index];
  const info = labels.get(segment.label);
  const group = info?.group ?? "other";
  const words = page.text.slice(segment.start, segment.end);
  const excerpt = words.length > EXCERPT ? `${words.slice(0, EXCERPT)}…` : words;
  const original = segment.duplicateOf;
  byId("details").replaceChildren(
    el("div", { class: "head" },
      el("span", { class: `tag ${segment.action} g-${group}` }, segment.label),
      el("strong", {}, segment.field ? `lifted into ${segment.field}` : WORDS[segment.action]),
      pinned ? el("span", { class: "soft" }, "pinned") : null,
      el("span", { class: "soft place" }, `segment ${count(index + 1)}, ${count(segment.start)}–${count(segment.end)}`),
      el("button", { type: "button", class: "quiet close", onclick: close }, "Close")),
    el("p", { class: "soft" }, info?.description ?? ""),
    el("p", { class: "excerpt", dir: directionOf(words) }, excerpt),
    el("dl", {},
      ...row("Confidence", meter(segment.confidence)),
      ...(segment.contentProbability === null ? [] : row("Content, says the model", meter(segment.contentProbability))),
      ...segment.reasons.flatMap((reason, i) => row(i ? "and" : "Why", [
        el("code", {}, reason.rule), " ", el("span", { class: "evidence", dir: directionOf(reason.evidence) }, reason.evidence)]))),
    el("div", { class: "row" },
      original === null ? null :
        el("button", { type: "button", class: "jump", onclick: () => go(original) }, "Go to the kept copy"),
      el("button", { type: "button", class: "quiet", onclick: () => only(segment) }, `Only ${segment.label}`)),
  );
}

/** The same in one sentence, for a screen reader. */
export function tellSegment(page, index) {
  const { label, action, confidence, duplicateOf } = page.result.segments[index];
  const copy = duplicateOf === null ? "" : `, a copy of segment ${duplicateOf + 1}`;
  announce(`${label.replaceAll("_", " ")}, ${WORDS[action]}, ${Math.round(100 * confidence)} percent sure${copy}`);
}

function row(term, ...content) {
  return [el("dt", {}, term), el("dd", {}, ...content.flat())];
}

function meter(value) {
  const bar = el("span", { class: "fill" });
  bar.style.inlineSize = `${100 * value}%`;
  return [el("span", { class: "meter", "aria-hidden": "true" }, bar), ` ${(100 * value).toFixed(0)} %`];
}
