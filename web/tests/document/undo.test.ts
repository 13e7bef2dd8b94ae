import fc from "fast-check";
import { expect, test } from "vitest";
import { apply, type Change, difference, homes, invert, isVisible, readers, writeWorkflow } from "../../src/document";
import { doEdit, edit } from "./edits";
import { EXAMPLES, example, workflow } from "./examples";

const start = fc.constantFrom(...EXAMPLES.map(([name]) => name.replace(".json", "")));

test("undoing fifty random edits gives the first bytes, redoing them the last", () => {
  fc.assert(
    fc.property(start, fc.array(edit, { minLength: 50, maxLength: 50 }), (name, edits) => {
      const first = example(name);
      const text = writeWorkflow(first);
      const changes: Change[] = [];
      const last = edits.reduce((now, change) => {
        const after = doEdit(now, change);
        changes.push(difference(now, after));
        return after;
      }, first);
      const undone = changes.reduceRight((now, change) => apply(now, invert(change)), last);
      expect(writeWorkflow(undone)).toBe(text);
      const redone = changes.reduce((now, change) => apply(now, change), undone);
      expect(writeWorkflow(redone)).toBe(writeWorkflow(last));
    }),
    { numRuns: 25 },
  );
});

test("after any edits the text reads back as itself, ids are unique, and every link leads to something seen", () => {
  fc.assert(
    fc.property(start, fc.array(edit, { minLength: 1, maxLength: 30 }), (name, edits) => {
      const last = edits.reduce(doEdit, example(name));
      const written = writeWorkflow(last);
      expect(writeWorkflow(workflow(written))).toBe(written);
      const ids = [...written.matchAll(/^ +"([A-Za-z][\w-]*)": \{\n +"type"/gm)];
      expect(homes(last).size).toBeLessThanOrEqual(ids.length);
      for (const { link, place } of readers(last)) expect(isVisible(last, link, place), link.join(".")).toBe(true);
    }),
    { numRuns: 25 },
  );
});

test("an edit of one value is one small patch", () => {
  const before = example("text-to-image");
  const after = { ...before, title: "Other" };
  expect(difference(before, after)).toEqual([{ path: ["title"], at: 0, before: "Text to image", after: "Other" }]);
});
