/** Above the panes: score, verdict, how the page was read, where every character went. */

import { byId, count, el, percent, plural, svg } from "./dom.js";
import { keyOf, tally } from "./lines.js";

const DECISIONS = {
  accept: "Keep the article",
  review: "Have a look first",
  rescrape: "Fetch the page again",
  reject: "Drop the page",
};
const ACTIONS = ["kept", "flagged", "lifted", "removed"];

/** Draws the cards. `go` jumps to the segment at an offset. */
export function showSummary(page, go) {
  const { result } = page;
  byId("cards").replaceChildren(score(result.quality), verdict(result, go), facts(page));
}

function score({ score: value, grade, calibrated, expectedF1, expectedF1Interval: [low, high] }) {
  const told = `Score ${value.toFixed(2)} of 1, ${grade}`;
  return el("section", { class: "card score", "aria-label": "Score" },
    el("div", { class: `dial ${grade}`, role: "img", "aria-label": told }, dial(value),
      el("span", { class: "value" }, value.toFixed(2)), el("span", { class: "grade" }, grade)),
    el("p", {}, `Expected F1 ${expectedF1.toFixed(2)}, between ${low.toFixed(2)} and ${high.toFixed(2)}`),
    calibrated ? null : el("p", { class: "soft" }, "A first estimate, not calibrated"));
}

/** Half a circle, filled as far as the score goes, with a tick where each grade begins. */
function dial(value) {
  const at = (share, radius) => {
    const angle = Math.PI * (1 - share);
    return `${(60 + radius * Math.cos(angle)).toFixed(2)} ${(60 - radius * Math.sin(angle)).toFixed(2)}`;
  };
  const arc = (share) => `M ${at(0, 50)} A 50 50 0 0 1 ${at(share, 50)}`;
  const ticks = [0.5, 0.8, 0.95].map((share) => `M ${at(share, 43)} L ${at(share, 57)}`).join(" ");
  return svg("svg", { viewBox: "0 0 120 66", "aria-hidden": "true", focusable: "false" },
    svg("path", { class: "track", d: arc(1) }),
    ...(value > 0 ? [svg("path", { class: "fill", d: arc(Math.min(1, value)) })] : []),
    svg("path", { class: "ticks", d: ticks }));
}

function verdict({ verdict: told, validation }, go) {
  const reasons = told.reasons.map((reason) =>
    el("li", {}, el("bdi", {}, reason.message),
      reason.start === null ? null :
        el("button", { type: "button", class: "quiet", onclick: () => go(reason.start),
          "aria-label": `Show where: ${reason.message}` }, "show")));
  const checks = validation.map(({ field, message, severity }) =>
    el("li", { class: severity }, el("code", {}, field), " ", el("bdi", {}, message)));
  return el("section", { class: "card verdict", "aria-label": "Verdict" },
    el("p", { class: "lead" }, el("strong", { class: `decision ${told.decision}` }, told.decision),
      el("span", { class: "soft" }, DECISIONS[told.decision] ?? "")),
    el("p", {}, `${told.pageType.replaceAll("_", " ")}, ${percent(told.confidence, 1)} sure`),
    el("ul", {}, reasons, checks));
}

function facts({ result, kind }) {
  const { article, encoding, engine } = result;
  const rows = [
    ["Language", `${languageName(article.inLanguage)}, ${article.textDirection === "rtl" ? "right to left" : "left to right"}`],
    ["Charset", `${encoding.charset} (${encoding.source.replaceAll("-", " ")})`],
    ["Declared", encoding.declared],
    ["Repairs", encoding.repairs.join(", ") || "none"],
    ["Read as", kind],
    ["Date", article.datePublished ?? article.datePublishedLocal],
    ["Engine", `${engine.version}, ${engine.model ? `model ${engine.model}` : "rules alone"}`],
  ];
  return el("section", { class: "card facts", "aria-label": "How the page was read" },
    el("dl", {}, rows.filter(([, value]) => value).flatMap(([term, value]) => [el("dt", {}, term), el("dd", {}, el("bdi", {}, value))])));
}

function languageName(tag) {
  if (!tag) return "not told";
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(tag);
  } catch {
    return tag;
  }
}

/** The stacked bar, and under it a button for each kind of segment, which filters. */
export function showLedger(page, labels, onFilter) {
  const { accounting, segments } = page.result;
  const order = [...labels.keys()];
  const kinds = tally(segments).sort((a, b) =>
    ACTIONS.indexOf(a.action) - ACTIONS.indexOf(b.action) || order.indexOf(a.label) - order.indexOf(b.label));
  const group = ({ action, label }) =>
    ({ kept: "kept", flagged: "flagged", lifted: "lifted" })[action] ?? labels.get(label)?.group ?? "other";
  const chosen = new Set();
  const buttons = new Map();
  const all = el("button", { type: "button", class: "quiet", hidden: true }, "Show all");
  const choose = (keys) => {
    chosen.clear();
    keys.forEach((key) => chosen.add(key));
    buttons.forEach((button, key) => button.setAttribute("aria-pressed", String(chosen.has(key))));
    all.hidden = !chosen.size;
    onFilter(new Set(chosen));
  };
  all.addEventListener("click", () => choose([]));
  for (const kind of kinds) {
    const button = el("button", {
      type: "button", class: `chip kind ${kind.action}`, "aria-pressed": "false", "data-key": kind.key,
      title: labels.get(kind.label)?.description ?? "",
      onclick: () => choose(chosen.has(kind.key) ? [...chosen].filter((key) => key !== kind.key) : [...chosen, kind.key]),
    },
      el("span", { class: `dot g-${group(kind)}`, "aria-hidden": "true" }),
      el("span", {}, kind.label), { kept: null, flagged: " ?", lifted: " ↑", removed: null }[kind.action],
      el("span", { class: "unseen" }, `, ${kind.action}, `),
      el("span", { class: "soft" }, `${count(kind.pieces)} · ${percent(kind.chars, accounting.length)}`));
    buttons.set(kind.key, button);
  }
  byId("ledger").replaceChildren(
    bar(accounting, kinds, group),
    el("div", { class: "legend", role: "group", "aria-label": "Show only" }, ...buttons.values(), all));
  return { only: (segment) => choose([keyOf(segment)]), all: () => choose([]) };
}

function bar({ length, whitespace, kept, lifted, removed, flagged }, kinds, group) {
  const parts = kinds.map((kind) => ({ chars: kind.chars, group: group(kind), name: `${kind.label}, ${kind.action}` }));
  parts.push({ chars: whitespace, group: "space", name: "white space" });
  const totals = [["kept", kept], ["lifted", lifted], ["removed", removed], ["in doubt", flagged], ["white space", whitespace]];
  const told = totals.filter(([, chars]) => chars).map(([name, chars]) => `${name} ${percent(chars, length)}`).join(", ");
  const pieces = parts.filter(({ chars }) => chars).map((part) => {
    const piece = el("span", { class: `g-${part.group}`, title: `${part.name}: ${plural(part.chars, "character")}, ${percent(part.chars, length)}` });
    piece.style.flexGrow = part.chars;
    return piece;
  });
  return el("figure", {},
    el("div", { class: "bar", role: "img", "aria-label": `Of ${plural(length, "character")}: ${told}` }, pieces),
    el("figcaption", {}, totals.filter(([, chars]) => chars).map(([name, chars]) =>
      el("span", {}, el("strong", {}, percent(chars, length)), ` ${name}`)),
      el("span", { class: "soft" }, `of ${plural(length, "character")}`)));
}
