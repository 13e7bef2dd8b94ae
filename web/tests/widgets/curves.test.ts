import fc from "fast-check";
import { expect, test } from "vitest";
import { boundsOf, drawn, resampled, SHAPES, shaped } from "../../src/widgets/curves";

test("shapes run from the first value to the last", () => {
  expect(shaped("constant", 3, 7.5, 1)).toEqual([7.5, 7.5, 7.5]);
  expect(shaped("linear", 5, 0, 1)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect(shaped("cosine", 3, 2, 4)).toEqual([2, 3, 4]);
  expect(shaped("pulse", 5, 0, 8)).toEqual([0, 5.656854, 8, 5.656854, 0]);
  for (const shape of SHAPES) expect(shaped(shape, 1, 3, 9)).toEqual([3]);
});

test("another length keeps the ends and what lies on the curve", () => {
  expect(resampled([0, 10], 5)).toEqual([0, 2.5, 5, 7.5, 10]);
  expect(resampled([1, 2, 3, 4, 5], 3)).toEqual([1, 3, 5]);
  expect(resampled([], 2)).toEqual([0, 0]);
  const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(values, fc.integer({ min: 2, max: 60 }), (curve, length) => {
      const other = resampled(curve, length);
      expect(other).toHaveLength(length);
      expect([other[0], other.at(-1)]).toEqual([curve[0], curve.at(-1)]);
      expect(resampled(curve, curve.length)).toEqual(curve);
    }),
  );
});

test("a stroke changes what it crosses, in both directions", () => {
  const flat = [0, 0, 0, 0, 0];
  expect(drawn(flat, { index: 1, value: 5 }, { index: 1, value: 5 })).toEqual([0, 5, 0, 0, 0]);
  expect(drawn([0, 5, 0, 0, 0], { index: 1, value: 5 }, { index: 4, value: 8 })).toEqual([0, 5, 6, 7, 8]);
  expect(drawn([0, 0, 0, 0, 9], { index: 4, value: 9 }, { index: 1, value: 3 })).toEqual([0, 3, 5, 7, 9]);
});

test("the graph shows the declared range, or a round one that holds every value", () => {
  expect(boundsOf([1, 7], { minimum: 0, maximum: 30 })).toEqual({ low: 0, high: 30 });
  expect(boundsOf([7.5, 1], { minimum: null, maximum: null })).toEqual({ low: 0, high: 8 });
  expect(boundsOf([-3, 0.2], { minimum: null, maximum: null })).toEqual({ low: -3, high: 1 });
  expect(boundsOf([5], { minimum: 5, maximum: 5 })).toEqual({ low: 5, high: 6 });
});
