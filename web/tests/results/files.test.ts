import { describe, expect, test } from "vitest";
import type { FileEntry } from "../../src/api";
import { writeWorkflow } from "../../src/document";
import { filledIn } from "../../src/results/desk";
import { merged } from "../../src/results/files";
import { showAge, showBytes, showDuration, showValue } from "../../src/results/format";
import { readRecord, recordText } from "../../src/results/record";
import { example } from "../document/examples";

/** A chunk of a PNG file; its checksum is not read. */
function chunk(name: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(content.length + 12);
  new DataView(bytes.buffer).setUint32(0, content.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(content, 8);
  return bytes;
}

function png(...chunks: Uint8Array[]): ArrayBuffer {
  const parts = [
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", new Uint8Array(13)),
    ...chunks,
  ];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes.buffer;
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

describe("the record in a picture", () => {
  const workflow = example("text-to-image");
  const record = `{"workflow": ${writeWorkflow(workflow)}, "inputs": {"seed": 18446744073709551615, "prompt": "ein „Fuchs“"}, "device": "cpu", "dtype": "float32", "versions": {"torch": "2.13.0"}, "models": {}}`;
  const file = png(
    chunk("tEXt", text("Comment\0no")),
    chunk("iTXt", text(`latentloom\0\0\0\0\0${record}`)),
    chunk("IDAT", text("…")),
  );

  test("is read with every digit of a seed", () => {
    const found = readRecord(recordText(file) ?? "");
    expect(found).toMatchObject({ device: "cpu", versions: { torch: "2.13.0" } });
    expect(found?.inputs).toEqual({ seed: 18446744073709551615n, prompt: "ein „Fuchs“" });
    expect(found?.workflow).toEqual(workflow);
  });

  test("is absent from other files, and a damaged file is no error", () => {
    expect(recordText(png(chunk("iTXt", text("other\0\0\0\0\0x"))))).toBeUndefined();
    expect(recordText(new ArrayBuffer(3))).toBeUndefined();
    for (let length = 0; length < file.byteLength; length += 97) recordText(file.slice(0, length));
    expect(readRecord("{")).toBeUndefined();
    expect(readRecord('{"workflow": {}}')).toBeUndefined();
  });

  test("fills the workflow's inputs, so that running it makes the same again", () => {
    const filled = filledIn({ workflow, inputs: { seed: 9n, gone: 1n } });
    expect(filled.inputs.seed?.default).toBe(9n);
    expect(filled.inputs.prompt).toBe(workflow.inputs.prompt);
    expect(Object.keys(filled.inputs)).toEqual(Object.keys(workflow.inputs));
  });
});

test("files of several sources stand once each, newest first", () => {
  const file = (digest: string, created: number, kind: FileEntry["kind"] = "output"): FileEntry => ({
    digest,
    created,
    kind,
    name: digest,
    media_type: "image/png",
    bytes: 1,
    width: 1,
    height: 1,
    job: null,
  });
  const all = merged([file("a", 1), file("b", 3)], [file("b", 3), file("c", 2), file("b", 3, "upload")]);
  expect(all.map(({ digest, kind }) => `${digest} ${kind}`)).toEqual(["b output", "b upload", "c output", "a output"]);
});

test("sizes, durations and ages are short", () => {
  expect([0, 999, 1500, 123_456, 9_876_543].map(showBytes)).toEqual([
    "0 bytes",
    "999 bytes",
    "1.5 kB",
    "123 kB",
    "9.9 MB",
  ]);
  expect([0, 0.25, 12.34, 75, 3700].map(showDuration)).toEqual(["0 ms", "250 ms", "12.3 s", "75.0 s", "1 h 1 min"]);
  expect([0, 120, 7200].map((age) => showAge(1000, 1000 + age))).toEqual(["just now", "2 min ago", "2 h ago"]);
  expect([7n, "sha256:0123456789ab", [1.5, "a"], null].map(showValue)).toEqual(["7", "file 01234567…", "1.5, a", "–"]);
});
