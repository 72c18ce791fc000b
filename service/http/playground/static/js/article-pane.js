/** The clean article as a reader would see it, each line in its own direction. */

import { directionOf } from "./direction.js";
import { breathe, byId, el, painted, plural } from "./dom.js";

const FIRST = 40; // paragraphs drawn at once; the rest follows
const CHUNK = 40;
const TAGS = { subhead: "h4", list_item: "li", quote: "blockquote", code: "pre" };

let drawn = 0;

/** Draws the article. The first paragraphs are there when this returns. */
export function showArticle(page) {
  const { article, segments } = page.result;
  const direction = article.textDirection;
  const root = byId("article");
  root.lang = article.inLanguage ?? "und";
  root.dir = direction;
  byId("article-size").textContent = plural(article.wordCount, "word");
  byId("article-scroll").scrollTop = 0;
  const told = [
    ...article.authors.map((author) => author.nameRaw),
    article.datePublishedRaw,
    article.sourceCredit,
  ].filter(Boolean);
  const body = el("div", { class: "body" });
  root.replaceChildren(
    ...[
      article.headline ? el("h3", { dir: directionOf(article.headline, direction) }, article.headline) : null,
      told.length ? el("p", { class: "told" }, parted(told)) : null,
      body,
      article.keywordsRaw ? el("p", { class: "keywords" }, el("bdi", {}, article.keywordsRaw)) : null,
    ].filter(Boolean),
  );
  if (!article.articleBody) {
    body.append(el("p", { class: "soft", dir: "ltr", lang: "en" }, "Nothing of this page is article."));
    return Promise.resolve();
  }
  const labels = lineLabels(page.text, segments);
  const starts = partStarts(article.parts);
  return draw(body, article.articleBody.split("\n\n"), labels, starts, direction);
}

async function draw(body, paragraphs, labels, starts, direction) {
  const drawing = ++drawn;
  let chunk;
  for (const [i, paragraph] of paragraphs.entries()) {
    if (i % CHUNK === 0) {
      if (i === FIRST) await painted();
      if (i > FIRST) await breathe();
      if (drawing !== drawn) return;
      chunk = el("div", { class: "chunk" });
      body.append(chunk);
    }
    const part = starts.get(paragraph);
    if (part) {
      starts.delete(paragraph);
      chunk.append(partHead(part));
    }
    chunk.append(...lines(paragraph, labels, direction));
  }
}

/** A paragraph; where its lines are items, quotes or code, one element each. */
function lines(paragraph, labels, direction) {
  const rows = paragraph.split("\n");
  const tags = rows.map((line) => TAGS[labels.get(line.trim())]);
  if (tags.some(Boolean)) return rows.map((line, i) => element(tags[i] ?? "p", line, direction));
  return [element("p", paragraph, direction)];
}

function element(tag, text, direction) {
  const dir = tag === "pre" ? "ltr" : directionOf(text, direction);
  if (tag !== "li") return el(tag, { dir }, text);
  return el("p", { dir, class: "item" }, text); // its bullet, where the page had one, is text of the page
}

function partHead({ headline, authors, datePublishedRaw }) {
  const told = [headline, ...authors.map((author) => author.nameRaw), datePublishedRaw].filter(Boolean);
  return el("p", { class: "part" }, told.length ? parted(told) : "⁂");
}

/** Each in its own direction; the marks between them in the page's, or a date's would stand at its far end. */
function parted(texts) {
  return texts.flatMap((text, i) => [...(i ? [" · "] : []), el("bdi", {}, text)]);
}

function partStarts(parts) {
  return new Map(parts.slice(1).map((part) => [part.articleBody.split("\n\n")[0], part]));
}

/** The label of each kept line that is more than a paragraph, by its words. */
function lineLabels(text, segments) {
  const found = new Map();
  for (const { action, label, start, end } of segments) {
    if (action === "kept" && label in TAGS) {
      for (const line of text.slice(start, end).split("\n")) found.set(line.trim(), label);
    }
  }
  return found;
}
