/** One page under each profile, side by side: the figures, then every stretch they decide differently. */

import { clean } from "./api.js";
import { directionOf } from "./direction.js";
import { byId, el, percent } from "./dom.js";

const PROFILES = ["recall", "generic", "news", "strict"]; // from the most to the least that is kept
const ROWS = 400;
const EXCERPT = 220;

/** Opens the dialog and fills it. `known`: the answer that is there already. */
export async function compareProfiles(page, labels, key) {
  const body = byId("compare-body");
  body.replaceChildren(el("p", { class: "soft" }, "Cleaning the page under each profile …"));
  byId("compare-dialog").showModal();
  try {
    const answers = [];
    for (const profile of PROFILES) {
      const known = profile === page.result.engine.profile;
      answers.push(known ? page.result : (await clean(page.source, profile, { key })).result);
      if (!byId("compare-dialog").open) return;
    }
    body.replaceChildren(figures(answers), ...differences(page.text, answers, labels));
  } catch (error) {
    body.replaceChildren(el("p", { class: "problem" }, error.message));
  }
}

function figures(answers) {
  const rows = [
    ["Decision", (r) => r.verdict.decision],
    ["Score", (r) => `${r.quality.score.toFixed(2)} ${r.quality.grade}`],
    ["Words kept", (r) => r.article.wordCount.toLocaleString("en")],
    ["Removed", (r) => percent(r.accounting.removed, r.accounting.length)],
    ["In doubt", (r) => percent(r.accounting.flagged, r.accounting.length)],
  ];
  return table("Figures", rows.map(([name, read]) => [name, answers.map((answer) => [read(answer)])]));
}

function differences(text, answers, labels) {
  const rows = stretches(answers.map((answer) => answer.segments));
  const shown = rows.slice(0, ROWS).map(({ start, end, fates }) => {
    const words = text.slice(start, end);
    const excerpt = words.length > EXCERPT ? `${words.slice(0, EXCERPT)}…` : words;
    return [el("span", { dir: directionOf(words), class: "words" }, excerpt), fates.map((fate) => cell(fate, labels))];
  });
  if (!shown.length) return [el("p", { class: "same" }, "All four profiles cut this page in the same way.")];
  const more = rows.length > ROWS ? [el("p", { class: "soft" }, `The first ${ROWS} of ${rows.length} differences.`)] : [];
  return [table("Where they differ", shown), ...more];
}

function cell({ action, label }, labels) {
  const group = labels.get(label)?.group ?? "other";
  return [el("span", { class: `fate ${action}` }, action === "flagged" ? "kept, in doubt" : action), " ",
    action === "kept" ? null : el("span", { class: `tag ${action} g-${group}` }, label)];
}

function table(caption, rows) {
  return el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": caption }, el("table", {},
    el("caption", {}, caption),
    el("thead", {}, el("tr", {}, el("td"), PROFILES.map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, rows.map(([name, cells]) =>
      el("tr", {}, el("th", { scope: "row" }, name), cells.map((content) => el("td", {}, content)))))));
}

/** Stretches whose fate is not the same in all lists of segments, neighbours with equal fates joined. Pure. */
export function stretches(lists) {
  const edges = [...new Set(lists.flatMap((list) => list.flatMap(({ start, end }) => [start, end])))].sort((a, b) => a - b);
  const at = lists.map(() => 0);
  const found = [];
  for (let i = 0; i + 1 < edges.length; i += 1) {
    const [start, end] = [edges[i], edges[i + 1]];
    const fates = lists.map((list, which) => {
      while (at[which] < list.length && list[at[which]].end <= start) at[which] += 1;
      const segment = list[at[which]];
      return segment && segment.start < end ? segment : null;
    });
    if (fates.some((fate) => !fate)) continue; // white space
    if (fates.every((fate) => fate.action === fates[0].action)) continue;
    const last = found.at(-1);
    if (last && last.fates.every((fate, which) => fate === fates[which])) last.end = end;
    else found.push({ start, end, fates });
  }
  return found;
}
