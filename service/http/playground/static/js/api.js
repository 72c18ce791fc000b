/** The public interface, as any client uses it. */

/** An error as the service told it. */
export class Problem extends Error {
  constructor(status, title, detail) {
    super(detail ? `${title}. ${detail}` : title);
    this.status = status;
  }
}

/** The labels, by name. */
export async function labels(key = "") {
  const answer = await fetch("v1/labels", { headers: key ? { Authorization: `Bearer ${key}` } : {} });
  if (!answer.ok) throw problem(answer, await answer.text());
  return new Map((await answer.json()).map((row) => [row.label, row]));
}

/** The query that is asked. Offsets are in UTF-16 units, as strings count here. */
export const query = (profile) =>
  new URLSearchParams({ profile, offsets: "utf16", segments: "all", rendered: "true" });

/** The headers that say what a source is. */
export function headers(source) {
  const told = { "Content-Type": source.kind || "application/octet-stream", Accept: "application/json" };
  if (source.charset) told["Content-Type"] += `; charset=${source.charset.replace(/[^\w.:+-]/g, "")}`;
  if (source.url) told["Content-Location"] = encodeURI(decoded(source.url));
  if (source.status) told["X-Source-Status"] = source.status;
  return told;
}

/** Bytes -> { result, json }: `json` is the answer to the letter. Throws Problem. */
export async function clean(source, profile, { key = "", signal } = {}) {
  const told = headers(source);
  if (key) told.Authorization = `Bearer ${key}`;
  let answer;
  try {
    answer = await fetch(`v1/clean?${query(profile)}`, { method: "POST", headers: told, body: source.bytes, signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, "The service cannot be reached", error.message);
  }
  const json = await answer.text();
  if (answer.ok) return { result: JSON.parse(json), json };
  throw problem(answer, json);
}

function problem(answer, body) {
  try {
    const told = JSON.parse(body);
    const wait = answer.headers.get("Retry-After");
    const again = wait ? ` Try again in ${wait} s.` : "";
    return new Problem(answer.status, `${answer.status}: ${told.title}`, `${told.detail ?? ""}${again}`);
  } catch {
    return new Problem(answer.status, `The service answered ${answer.status}`);
  }
}

function decoded(address) {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}
