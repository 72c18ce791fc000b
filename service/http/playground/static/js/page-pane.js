/** The raw page, every segment coloured by its group: drawn in pieces, walked with the arrow keys. */

import { directionOf, firstDirection } from "./direction.js";
import { breathe, byId, count, el, painted } from "./dom.js";
import { keyOf, linesOf } from "./lines.js";

const CHUNK_LINES = 80;
const CHUNK_CHARS = 12_000;
const SLICE = 12; // ms of drawing before the browser may paint and answer

/** Shows one page at a time; `groups` maps a label to its row of GET /v1/labels. */
export class PagePane {
  #root = byId("page");
  #drawn = 0; // what is being drawn; a newer page ends the drawing of an older one
  #rows = []; // { element, keys } of each line
  #segments = [];
  #shown = null; // keys of the filter; null for all
  #current = -1;
  #pinned = -1;
  #dismissed = false; // whether details were put away, until another segment is chosen

  constructor(labels, onSegment) {
    this.labels = labels;
    this.onSegment = onSegment;
    const root = this.#root;
    root.addEventListener("pointerover", (event) => this.#hover(event));
    root.addEventListener("pointerleave", () => this.#tell(this.#dismissed ? -1 : this.#resting()));
    root.addEventListener("click", (event) => this.#click(event));
    root.addEventListener("focusin", (event) => this.#focused(event));
    root.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Draws a page. The first lines are there when this returns; the promise is kept when all are. */
  show(text, segments, otherwise) {
    const drawing = ++this.#drawn;
    this.#root.replaceChildren();
    this.#root.scrollTop = 0;
    this.#rows = [];
    this.#segments = segments;
    this.#shown = null;
    this.#current = segments.length ? 0 : -1;
    this.#pinned = -1;
    this.#dismissed = false;
    if (!segments.length) this.#root.append(el("p", { class: "soft" }, "There is no text on this page."));
    const chunks = this.#chunks(text, segments, otherwise);
    this.#draw(chunks);
    return this.#rest(chunks, drawing);
  }

  async #rest(chunks, drawing) {
    await painted();
    for (;;) {
      await breathe();
      if (drawing !== this.#drawn) return false;
      const until = performance.now() + SLICE;
      while (performance.now() < until) if (!this.#draw(chunks)) return true;
    }
  }

  #draw(chunks) {
    const next = chunks.next();
    if (!next.done) this.#root.append(next.value);
    return !next.done;
  }

  *#chunks(text, segments, otherwise) {
    let chunk = el("div", { class: "chunk", role: "presentation" });
    let chars = 0;
    for (const line of linesOf(text, segments)) {
      chunk.append(this.#line(text, line, otherwise));
      chars += line.end - line.start;
      if (chunk.childElementCount < CHUNK_LINES && chars < CHUNK_CHARS) continue;
      yield chunk;
      chunk = el("div", { class: "chunk", role: "presentation" });
      chars = 0;
    }
    if (chunk.childElementCount) yield chunk;
  }

  #line(text, { start, end, pieces }, otherwise) {
    const here = pieces.filter((piece) => piece.index >= 0);
    const row = el("div", { class: here.length ? "line" : "line blank", role: "presentation" });
    const keys = new Set(here.map((piece) => keyOf(this.#segments[piece.index])));
    this.#rows.push({ element: row, keys });
    if (!here.length) {
      row.append(text.slice(start, end));
    } else {
      const solid = here.filter(({ index }) => this.#segments[index].action !== "removed");
      const voters = (solid.length ? solid : here).map((piece) => text.slice(piece.start, piece.end));
      const words = el("div", {
        class: "words", role: "presentation", dir: directionOf(voters.join(" "), otherwise),
      });
      for (const piece of pieces) words.append(this.#piece(text, piece, words.dir));
      row.append(this.#gutter(here), words);
    }
    if (this.#shown) row.hidden = ![...keys].some((key) => this.#shown.has(key));
    return row;
  }

  #piece(text, { start, end, index }, otherwise) {
    const words = text.slice(start, end);
    if (index < 0) return words.replaceAll("\r", "");
    const segment = this.#segments[index];
    const first = segment.start === start;
    const group = this.labels.get(segment.label)?.group ?? "other";
    return el(
      segment.action === "removed" ? "del" : "span",
      {
        class: `seg ${segment.action} g-${group}`,
        dir: directionOf(words, firstDirection(words, otherwise)),
        "data-i": index,
        id: first ? `seg-${index}` : null,
        role: first ? "option" : "presentation",
        "aria-selected": first ? "false" : null,
        tabindex: first ? (index === this.#current ? "0" : "-1") : null,
      },
      words,
    );
  }

  #gutter(pieces) {
    const told = new Map();
    for (const { index } of pieces) {
      const { action, label } = this.#segments[index];
      if (action === "kept" && label === "paragraph") continue;
      const mark = `${label}${{ flagged: " ?", lifted: " ↑" }[action] ?? ""}`;
      const group = action === "kept" ? "content" : (this.labels.get(label)?.group ?? "other");
      const tag = told.get(mark) ?? { mark, group: action === "flagged" ? "flagged" : group, action, times: 0 };
      tag.times += 1;
      told.set(mark, tag);
    }
    const tags = [...told.values()].map(({ mark, group, action, times }) =>
      el("span", { class: `tag ${action} g-${group}` }, times > 1 ? `${mark} ×${times}` : mark),
    );
    return el("div", { class: "gutter", dir: "ltr", "aria-hidden": "true" }, tags);
  }

  /** Shows only lines with these kinds of segments; null shows all. */
  filter(keys) {
    this.#shown = keys?.size ? keys : null;
    for (const row of this.#rows) {
      row.element.hidden = Boolean(this.#shown) && ![...row.keys].some((key) => this.#shown.has(key));
    }
    this.#root.classList.toggle("filtered", Boolean(this.#shown));
    const pieces = this.#segments.filter((segment) => this.#shown?.has(keyOf(segment))).length;
    byId("shown").textContent = this.#shown ? `${count(pieces)} of ${count(this.#segments.length)} segments` : "";
    if (this.#shown && this.#current >= 0 && !this.#visible(this.#current)) {
      const next = this.#segments.findIndex((_, i) => this.#visible(i));
      if (next >= 0) this.#choose(next);
    }
  }

  /** Goes to a segment, lifting a filter that hides it. */
  go(index) {
    if (!this.#visible(index)) return false;
    const element = byId(`seg-${index}`);
    if (!element) return false;
    this.#pinned = index;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "center" });
    this.#choose(index);
    return true;
  }

  /** Puts the details away. */
  dismiss() {
    this.#pinned = -1;
    byId(`seg-${this.#current}`)?.focus({ preventScroll: true });
    this.#dismissed = true;
    this.#tell(-1);
  }

  #resting() {
    return this.#pinned >= 0 ? this.#pinned : this.#current;
  }

  #visible(index) {
    return !this.#shown || this.#shown.has(keyOf(this.#segments[index]));
  }

  #choose(index) {
    const old = byId(`seg-${this.#current}`);
    old?.setAttribute("tabindex", "-1");
    old?.setAttribute("aria-selected", "false");
    this.#current = index;
    this.#dismissed = false;
    const element = byId(`seg-${index}`);
    element?.setAttribute("tabindex", "0");
    element?.setAttribute("aria-selected", "true");
    this.#tell(index);
  }

  #tell(index) {
    for (const lit of this.#root.querySelectorAll(".lit")) lit.classList.remove("lit");
    if (index < 0) {
      this.onSegment(-1, false);
      return;
    }
    for (const piece of this.#root.querySelectorAll(`[data-i="${index}"]`)) piece.classList.add("lit");
    this.onSegment(index, index === this.#pinned);
  }

  #hover(event) {
    if (event.pointerType === "touch") return;
    const found = indexAt(event.target);
    if (found >= 0) this.#tell(found);
  }

  #click(event) {
    const found = indexAt(event.target);
    if (found < 0 || !getSelection().isCollapsed) return;
    this.#pinned = this.#pinned === found && this.#current === found ? -1 : found;
    byId(`seg-${found}`)?.focus({ preventScroll: true });
    this.#choose(found);
  }

  #focused(event) {
    const found = indexAt(event.target);
    if (found < 0) return;
    if (this.#pinned !== found) this.#pinned = -1;
    this.#choose(found);
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.#segments.length - 1;
    const cut = (i) => this.#segments[i].action !== "kept";
    const any = () => true;
    const moves = {
      ArrowDown: () => this.#next(this.#current + 1, 1, any),
      ArrowUp: () => this.#next(this.#current - 1, -1, any),
      Home: () => this.#next(0, 1, any),
      End: () => this.#next(last, -1, any),
      n: () => this.#next(this.#current + 1, 1, cut),
      p: () => this.#next(this.#current - 1, -1, cut),
      Enter: () => {
        this.#pinned = this.#current;
        this.#tell(this.#current);
      },
      Escape: () => {
        this.#pinned = -1;
        this.#tell(this.#current);
      },
    };
    const move = moves[event.key] ?? moves[event.key.toLowerCase()];
    if (!move) return;
    event.preventDefault();
    move();
  }

  #next(from, step, wanted) {
    for (let i = from; i >= 0 && i < this.#segments.length; i += step) {
      if (!this.#visible(i) || !wanted(i)) continue;
      const element = byId(`seg-${i}`);
      element?.focus({ preventScroll: true });
      element?.scrollIntoView({ block: "nearest" });
      return;
    }
  }
}

function indexAt(target) {
  return Number(target.closest?.("[data-i]")?.dataset.i ?? -1);
}
