/** A source -> the curl command that gives the same answer. Pure. */

import { headers, query } from "./api.js";

const INLINE = 60_000; // bytes; a single argument may have 128 kB on Linux

/** For a POSIX shell. Text that was pasted stands in the command; anything else is named as a file. */
export function curlFor(source, profile, base) {
  const parts = [`curl -s ${quoted(`${new URL("v1/clean", base)}?${query(profile)}`)}`];
  for (const [name, value] of Object.entries(headers(source))) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  parts.push(body(source));
  return parts.join(" \\\n  ");
}

function body(source) {
  if (source.path) return `--data-binary ${quoted(`@${source.path}`)}`;
  const text = new TextDecoder().decode(source.bytes);
  if (source.bytes.length > INLINE || text.includes("\0")) return "--data-binary @page.txt";
  return `--data-raw ${quoted(text)}`;
}

/** In single quotes, in which a shell reads nothing but the closing one. */
export const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
