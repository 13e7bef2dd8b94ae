import fc from "fast-check";
import { expect, test } from "vitest";
import { type Crop, dragged, type Handle, isWhole, largest, SMALLEST_PX } from "../../src/widgets/crops";
import {
  EMPTY_PAINTING,
  isFarEnough,
  redoStroke,
  type Stroke,
  softness,
  undoStroke,
  withStroke,
} from "../../src/widgets/strokes";

const stroke = (size_px: number): Stroke => ({
  kind: "stroke",
  size_px,
  feather: 0.5,
  isErasing: false,
  places: [{ x: 1, y: 1 }],
});

test("strokes are undone and redone one by one; a new one forgets what was undone", () => {
  const two = withStroke(withStroke(EMPTY_PAINTING, stroke(10)), stroke(20));
  const one = undoStroke(two);
  expect(one.strokes).toHaveLength(1);
  expect(redoStroke(one)).toEqual(two);
  expect(withStroke(one, stroke(30)).undone).toEqual([]);
  expect(undoStroke(EMPTY_PAINTING)).toBe(EMPTY_PAINTING);
  expect(redoStroke(two)).toBe(two);
});

test("a stroke is as wide as its brush, soft edge included", () => {
  for (const feather of [0, 0.3, 1]) {
    const { width_px, blur_px } = softness({ ...stroke(40), feather });
    expect(width_px + blur_px).toBe(40);
  }
});

test("places too close to see are left out", () => {
  expect(isFarEnough({ x: 0, y: 0 }, { x: 0.2, y: 0.2 }, 4)).toBe(false);
  expect(isFarEnough({ x: 0, y: 0 }, { x: 3, y: 4 }, 60)).toBe(true);
  expect(isFarEnough({ x: 0, y: 0 }, { x: 3, y: 3 }, 60)).toBe(false);
});

const size = { width: 640, height: 480 };
const crop: Crop = { left: 100, top: 100, width: 200, height: 100 };

test("edges move alone, the whole moves within the picture", () => {
  expect(dragged(crop, "e", 50, 99, size)).toEqual({ ...crop, width: 250 });
  expect(dragged(crop, "nw", -20, -30, size)).toEqual({ left: 80, top: 70, width: 220, height: 130 });
  expect(dragged(crop, "move", -999, 999, size)).toEqual({ ...crop, left: 0, top: 380 });
  expect(dragged(crop, "w", 999, 0, size)).toEqual({ ...crop, left: 292, width: SMALLEST_PX });
});

test("a ratio is kept, and the opposite corner stays", () => {
  expect(dragged(crop, "se", 100, 200, size, 1)).toEqual({ left: 100, top: 100, width: 300, height: 300 });
  const pulled = dragged(crop, "nw", -50, -50, size, 1);
  expect([pulled.left + pulled.width, pulled.top + pulled.height, pulled.width]).toEqual([300, 200, 150]);
});

test("a crop never leaves the picture, whatever is pulled", () => {
  const handle = fc.constantFrom<Handle>("move", "n", "ne", "e", "se", "s", "sw", "w", "nw");
  const way = fc.integer({ min: -900, max: 900 });
  fc.assert(
    fc.property(fc.array(fc.tuple(handle, way, way), { maxLength: 6 }), (pulls) => {
      const { left, top, width, height } = pulls.reduce(
        (now, [each, dx, dy]) => dragged(now, each, dx, dy, size),
        crop,
      );
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(size.width);
      expect(top + height).toBeLessThanOrEqual(size.height);
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(SMALLEST_PX);
    }),
  );
});

test("the largest rectangle of a ratio stands in the middle", () => {
  expect(largest(size, 1)).toEqual({ left: 80, top: 0, width: 480, height: 480 });
  expect(isWhole(largest(size, undefined), size)).toBe(true);
  expect(isWhole(crop, size)).toBe(false);
});
