import fc from "fast-check";
import { expect, test } from "vitest";
import type { Literal } from "../../src/document";
import { moved, readElement, readList, showList } from "../../src/widgets/lists";

const text = { type: "str", minimum: null, maximum: null, step: null };
const whole = { type: "int", minimum: 0, maximum: 99, step: null };

test("lists are typed with commas, each element of the element's type", () => {
  expect(readList("1, 2,3", whole)).toEqual([1n, 2n, 3n]);
  expect(readList("1, 500", whole)).toEqual([1n, 99n]);
  expect(readList("a, b", text)).toEqual(["a", "b"]);
  expect(readList("", text)).toEqual([]);
  expect(readList("1, x", whole)).toBeUndefined();
  expect(readList("[1, 2", whole)).toBeUndefined();
  expect(readElement("true", { ...text, type: "bool" })).toBe(true);
});

test("what is shown is read as the same list, whatever stands in it", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 6 }), { minLength: 1, maxLength: 5 }), (list) => {
      expect(readList(showList(list), text)).toEqual(list);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.bigInt({ min: 0n, max: 99n }), { maxLength: 5 }), (list) => {
      expect(readList(showList(list), whole)).toEqual(list);
    }),
  );
});

test("brackets and spaces within a text stay, and lists within a list", () => {
  const lists: Literal[][] = [[" ]", ""], ["[ ", "a"], ["]\n "], [" [ ] "], [["a, b"], []], [[]], [null, "null"]];
  for (const list of lists) expect(readList(showList(list), text)).toEqual(list);
});

test("elements move, and stay where there is no further place", () => {
  expect(moved(["a", "b", "c"], 2, 1)).toEqual(["a", "c", "b"]);
  expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
});
