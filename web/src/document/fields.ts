/** Small changes of named fields, which keep the order of names. */

import type { Named } from "./types";

/** With one field set; the same object when it is set so already. */
export function withField<T>(fields: Named<T>, name: string, value: T): Named<T> {
  return Object.hasOwn(fields, name) && fields[name] === value ? fields : { ...fields, [name]: value };
}

/** Without some fields; the same object when it has none of them. */
export function withoutFields<T>(fields: Named<T>, ...names: readonly string[]): Named<T> {
  if (!names.some((name) => Object.hasOwn(fields, name))) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

/** With a field under another name, at the same place. */
export function withFieldRenamed<T>(fields: Named<T>, name: string, other: string): Named<T> {
  if (!Object.hasOwn(fields, name)) return fields;
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key === name ? other : key, value]));
}

/** Every field changed; those that become undefined leave. The same object when nothing changes. */
export function mapFields<T>(fields: Named<T>, change: (value: T, name: string) => T | undefined): Named<T> {
  let isChanged = false;
  const entries: [string, T][] = [];
  for (const [name, value] of Object.entries(fields)) {
    const after = change(value, name);
    if (after !== value) isChanged = true;
    if (after !== undefined) entries.push([name, after]);
  }
  return isChanged ? Object.fromEntries(entries) : fields;
}

/** A name that is not taken: `word`, `word_2`, `word_3`. Readable, made of letters, digits, `_` and `-`. */
export function freshName(word: string, isTaken: (name: string) => boolean): string {
  const clean =
    word
      .replace(/[^A-Za-z0-9_-]+/g, "_")
      .replace(/^[^A-Za-z]+|_+$/g, "")
      .slice(0, 70) || "node";
  if (!isTaken(clean)) return clean;
  const stem = clean.replace(/_\d+$/, "");
  for (let number = 2; ; number += 1) if (!isTaken(`${stem}_${number}`)) return `${stem}_${number}`;
}
