/** The playground: what happens when. */

import * as api from "./api.js";
import { showArticle } from "./article-pane.js";
import { encode, pageText } from "./bytes.js";
import { caseName, pageCase } from "./case.js";
import { compareProfiles } from "./compare.js";
import { curlFor } from "./curl.js";
import { announce, byId, copy, download, painted, size } from "./dom.js";
import { showHint, showSegment, tellSegment } from "./inspector.js";
import { PagePane } from "./page-pane.js";
import { showLedger, showSummary } from "./summary.js";
import { startTheme } from "./theme.js";

const MOST_TYPED = 150_000; // characters; more is held beside the field, where it needs no layout

const text = byId("text");
const profile = byId("profile");
const labels = new Map();
let held = null; // { bytes, name, path, kind } of a file or of a large paste
let page = null; // { source, result, json, text, kind }: what is shown
let ledger = null;
let running = null;
let seed = null; // the path of the seed that stands in the field, while it is unchanged

const pane = new PagePane(labels, (index, pinned) => {
  if (index < 0) return showHint();
  const close = () => pane.dismiss(); // on a phone the details cover a part of the page
  showSegment(page, index, labels, { go: jump, only: (segment) => ledger.only(segment), close, pinned });
  return tellSegment(page, index);
});

/** What stands ready to be cleaned, as bytes and what is said of them. */
function source() {
  const told = {
    kind: byId("kind").value,
    charset: byId("charset").value.trim(),
    url: byId("url").value.trim(),
    status: byId("status").value.trim(),
  };
  if (held) return { ...held, ...told, kind: told.kind || held.kind };
  // what was typed is UTF-8, whatever is hinted for files
  return { ...told, bytes: encode(text.value), charset: told.kind ? "utf-8" : "", name: seed ?? "pasted text", path: seed };
}

async function run() {
  running?.abort();
  const mine = (running = new AbortController());
  const asked = source();
  document.body.classList.add("busy");
  delete byId("page").dataset.complete;
  byId("problem").hidden = true;
  announce("Cleaning …");
  performance.mark("asked");
  try {
    const key = byId("key").value;
    if (!labels.size) await readLabels(key); // a service that asks for a key gave none at the start
    const answer = await api.clean(asked, profile.value, { key, signal: mine.signal });
    performance.mark("answered");
    await show(asked, answer);
  } catch (error) {
    if (error.name !== "AbortError") fail(error);
  } finally {
    if (running === mine) document.body.classList.remove("busy");
  }
}

async function show(asked, { result, json }) {
  const words = pageText(result, asked.bytes);
  page = { source: asked, result, json, text: words, kind: kindOf(asked, result) };
  document.body.classList.add("answered");
  byId("result").hidden = false;
  byId("shown").textContent = "";
  showSummary(page, (offset) => jump(result.segments.findIndex(({ end }) => end > offset)));
  ledger = showLedger(page, labels, (keys) => pane.filter(keys));
  showHint();
  const article = showArticle(page);
  const whole = pane.show(words, result.segments, result.article.textDirection);
  announce(`${result.verdict.decision}, ${result.verdict.pageType.replaceAll("_", " ")}, score ${result.quality.score.toFixed(2)}, ${result.quality.grade}.`);
  painted().then(() => performance.mark("painted"));
  await article;
  if (await whole) {
    performance.mark("complete");
    byId("page").dataset.complete = "true";
  }
}

/** "HTML" or "text" where that can be told: the answer does not say it outright. */
function kindOf(asked, { renderedText, encoding }) {
  if (asked.kind) return asked.kind === "text/plain" ? "text" : "HTML";
  if (encoding.charset !== "utf-8" || encoding.repairs.length) return null;
  return renderedText === null ? "text" : "HTML";
}

function fail(error) {
  const problem = byId("problem");
  problem.textContent = error.message;
  problem.hidden = false;
  announce("");
  if (error.status === 401) {
    byId("more").open = true;
    byId("key").focus();
  }
}

function jump(index) {
  if (index < 0) return;
  setView("page");
  if (pane.go(index)) return;
  ledger.all();
  pane.go(index);
}

/** Says which sample stands in the field, if one does. */
function setSeed(path) {
  seed = path;
  for (const button of document.querySelectorAll("[data-seed]")) {
    button.setAttribute("aria-pressed", String(path === pathOf(button.dataset.seed)));
  }
}

function pathOf(name) {
  return `seeds/${name}.txt`;
}

/** Holds bytes beside the field: a file, or text too long to lay out there. */
function hold(bytes, name, { path = null, kind = "" } = {}) {
  held = { bytes, name, path, kind };
  setSeed(null);
  text.value = "";
  text.hidden = true;
  byId("held").hidden = false;
  byId("held-name").textContent = name;
  byId("held-size").textContent = `${size(bytes.length)}, sent as they are`;
}

function putAway() {
  held = null;
  text.hidden = false;
  byId("held").hidden = true;
}

function take(words) {
  putAway();
  setSeed(null);
  if (words.length > MOST_TYPED) hold(encode(words), "Pasted text");
  else text.value = words;
  return run();
}

async function takeFile(file) {
  const kind = /\.x?html?$/i.test(file.name) ? "text/html" : "";
  hold(new Uint8Array(await file.arrayBuffer()), file.name, { path: file.name, kind });
  return run();
}

async function takeSeed(name) {
  try {
    const answer = await fetch(`playground/seeds/${name}.txt`);
    if (!answer.ok) throw new api.Problem(answer.status, "This page is not there");
    putAway();
    text.value = await answer.text();
    setSeed(pathOf(name));
  } catch (error) {
    return fail(error);
  }
  return run();
}

function setView(view) {
  byId("panes").dataset.view = view;
  for (const button of document.querySelectorAll("[data-view]")) {
    if (button.matches("button")) button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
}

async function copied(button, words) {
  const done = await copy(words);
  const name = button.textContent;
  button.textContent = done ? "Copied" : "Not allowed";
  announce(done ? `${name}: done` : `${name}: the browser does not allow it`);
  setTimeout(() => (button.textContent = name), 1200);
}

function wireSource() {
  byId("form").addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
  });
  text.addEventListener("input", () => seed && setSeed(null));
  // A paste over everything is a new page: it is cleaned at once. Anywhere else it is an edit.
  text.addEventListener("paste", (event) => {
    const words = event.clipboardData?.getData("text/plain") ?? "";
    const whole = text.selectionStart === 0 && text.selectionEnd === text.value.length;
    if (!words || !whole) return;
    event.preventDefault();
    performance.mark("pasted");
    text.classList.add("fresh"); // the answer is what is wanted now, not the field
    take(words);
  });
  for (const edit of ["pointerdown", "blur", "input"]) {
    text.addEventListener(edit, () => text.classList.remove("fresh"));
  }
  byId("held-drop").addEventListener("click", () => {
    putAway();
    text.focus();
  });
  byId("open").addEventListener("click", () => byId("file").click());
  byId("file").addEventListener("change", (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (file) takeFile(file);
  });
  for (const button of document.querySelectorAll("[data-seed]")) {
    button.addEventListener("click", () => takeSeed(button.dataset.seed));
  }
  profile.addEventListener("change", () => page && run());
  wireDrop();
}

function wireDrop() {
  const dropping = (on) => document.body.classList.toggle("dropping", on);
  addEventListener("dragover", (event) => {
    event.preventDefault();
    dropping(true);
  });
  addEventListener("dragleave", (event) => event.relatedTarget ?? dropping(false));
  addEventListener("drop", (event) => {
    event.preventDefault();
    dropping(false);
    const [file] = event.dataTransfer.files;
    const words = event.dataTransfer.getData("text/plain");
    if (file) takeFile(file);
    else if (words) take(words);
  });
}

function wireAnswer() {
  for (const button of document.querySelectorAll("button[data-view]")) {
    button.addEventListener("click", () => {
      setView(button.dataset.view);
      // far down the page, the article would open in its middle
      if (byId("panes").getBoundingClientRect().top < 0) byId("panes").scrollIntoView();
    });
  }
  const copies = {
    "copy-article": () => page.result.article.articleBody,
    "copy-json": () => JSON.stringify(JSON.parse(page.json), null, 2),
    "copy-curl": () => curlFor(page.source, page.result.engine.profile, document.baseURI),
  };
  for (const [id, words] of Object.entries(copies)) {
    byId(id).addEventListener("click", (event) => copied(event.currentTarget, words()));
  }
  byId("compare").addEventListener("click", () => compareProfiles(page, labels, byId("key").value));
  byId("save").addEventListener("click", () => byId("save-dialog").showModal());
  byId("save-form").addEventListener("submit", () => {
    const why = byId("case-why").value;
    download(caseName(byId("case-kind").value, why), pageCase(why, page.text, page.result.segments));
  });
  for (const button of document.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
}

async function readLabels(key) {
  for (const [name, info] of await api.labels(key)) labels.set(name, info);
}

async function start() {
  startTheme();
  wireSource();
  wireAnswer();
  try {
    await readLabels("");
  } catch (error) {
    fail(error);
  }
  document.body.classList.add("ready");
}

start();
