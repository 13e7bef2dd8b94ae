import { expect, test } from "vitest";
import { readJson, readWorkflow, writeFloat, writeJson, writeWorkflow } from "../../src/document";
import { EXAMPLES, workflow } from "./examples";

test.each(EXAMPLES)("%s is written with the bytes it was read from", (_, text) => {
  expect(writeWorkflow(workflow(text))).toBe(text);
});

test("there are examples", () => {
  expect(EXAMPLES.length).toBeGreaterThan(10);
});

test.each([
  [7.5, "7.5"],
  [1, "1.0"],
  [-0, "-0.0"],
  [0.0001, "0.0001"],
  [0.00001, "1e-05"],
  [1.5e-7, "1.5e-07"],
  [123456789012345680, "1.2345678901234568e+17"],
  [1e16, "1e+16"],
  [9999999999999998, "9999999999999998.0"],
  [1e100, "1e+100"],
])("the number %s is written as Python writes it", (value, text) => {
  expect(writeFloat(value)).toBe(text);
});

test("whole numbers stay apart from floats, and keep all their digits", () => {
  const text = '{\n  "a": 1,\n  "b": 1.0,\n  "seed": 18446744073709551615,\n  "c": [\n    -3,\n    2.50\n  ]\n}';
  expect(writeJson(readJson(text))).toBe(text.replace("2.50", "2.5"));
});

test("text of every kind keeps its bytes", () => {
  const text = '{\n  "latentloom": 1,\n  "title": "Füchse 🦊 \\"x\\" \\\\ \\n\\t\\u0001  ",\n  "description": "é"\n}\n';
  expect(writeWorkflow(workflow(text))).toBe(text);
});

test("fields at their default are left out, and come in their order", () => {
  const text =
    '{"nodes": {"a": {"mode": "run", "values": {"x": ""}, "version": 1, "type": "text"}}, "latentloom": 1, "title": ""}';
  expect(JSON.parse(writeWorkflow(workflow(text)))).toEqual({
    latentloom: 1,
    nodes: { a: { type: "text", values: { x: "" } } },
  });
  expect(writeWorkflow(workflow(text)).indexOf('"type"')).toBeLessThan(
    writeWorkflow(workflow(text)).indexOf('"values"'),
  );
});

test.each([
  ["not JSON", "{", "not JSON"],
  ["a name twice", '{"latentloom": 1, "title": "a", "title": "b"}', "Duplicate"],
  ["a list", "[]", "not a workflow"],
  ["no version", '{"nodes": {}}', "with its version is missing"],
  ["a newer version", '{"latentloom": 2}', "the version is 2"],
  ["an unknown field", '{"latentloom": 1, "nodez": {}}', "unknown field"],
  ["an unknown field of a node", '{"latentloom": 1, "nodes": {"a": {"type": "x", "extra": 1}}}', "unknown field"],
  ["a bad id", '{"latentloom": 1, "nodes": {"1a": {"type": "x"}}}', ""],
])("%s is refused with a reason", (_, text, what) => {
  const reading = readWorkflow(text);
  expect(reading.ok).toBe(false);
  if (!reading.ok) expect(reading.faults[0]?.what).toContain(what);
});

test("the place of a fault inside a loop is named", () => {
  const reading = readWorkflow(
    '{"latentloom": 1, "nodes": {"l": {"type": "loop", "body": {"a": {"type": "x", "links": {"i": ["b"]}}}}}}',
  );
  expect(!reading.ok && reading.faults[0]?.where).toContain("nodes.l.body.a.links.i");
});
