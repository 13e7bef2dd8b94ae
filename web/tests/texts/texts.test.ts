import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { inlineTexts } from "./inline";

const SOURCE = new URL("../../src/", import.meta.url);

const FILES = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter(
  (name) => /\.tsx?$/.test(name) && !name.startsWith("texts/") && !name.startsWith("api/schema"),
);

test("no view has words of its own: all that is read or heard comes from the texts", () => {
  const found = FILES.flatMap((name) =>
    inlineTexts(name, readFileSync(new URL(name, SOURCE), "utf8")).map(({ line, text }) => `${name}:${line}: ${text}`),
  );
  expect(found).toEqual([]);
});

test.each([
  ["<b>Hello there</b>", "Hello there"],
  ["<b>{isOn ? 'Go on' : words.stop}</b>", "Go on"],
  ["<b title={`$" + "{count} nodes`} />", "nodes"],
  ["<b aria-label='Close' className='big button' />", "Close"],
  ["<b>{name || 'Untitled'}</b>", "Untitled"],
  ["tell(editor.ui, `$" + "{name} is gone.`)", "is gone."],
  ["edit(editor.tabs, 'Move', (now) => now)", "Move"],
])("%s has words of its own", (source, text) => {
  expect(inlineTexts("view.tsx", source).map((found) => found.text)).toEqual([text]);
});

test.each([
  "<b className='big' data-kind={kind === 'none' ? 'off' : 'on'}>{words.title}</b>",
  "<b>{name.replaceAll('_', ' ')} · {count} %</b>",
  "<b title={hint} onClick={() => open('save')}>×</b>",
])("%s has none", (source) => {
  expect(inlineTexts("view.tsx", source)).toEqual([]);
});
