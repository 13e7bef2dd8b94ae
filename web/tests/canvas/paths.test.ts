import { expect, test } from "vitest";
import { pathThrough, placeAmong, roomiest } from "../../src/canvas/paths";

const [FROM, TO] = [[0, 0] as const, [400, 0] as const];

/** The numbers of a path: where it begins, then the three points of each stretch. */
function numbers(path: string): number[] {
  return path.match(/-?\d+(\.\d+)?/g)?.map(Number) ?? [];
}

test("a wire goes through its points, and leaves and arrives level", () => {
  const [x, y, outX, outY, ...rest] = numbers(
    pathThrough(
      FROM,
      [
        [100, 90],
        [300, 90],
      ],
      TO,
    ),
  );
  expect([x, y, outY]).toEqual([0, 0, 0]);
  expect(outX).toBeGreaterThan(0);
  expect(rest.slice(2, 4)).toEqual([100, 90]);
  expect(rest.slice(8, 10)).toEqual([300, 90]);
  expect(rest.slice(-2)).toEqual([400, 0]);
  expect(rest.at(-3)).toBe(0);
  expect(rest.at(-4)).toBeLessThan(400);
});

test("a wire that turns back at a point goes round it, with numbers that can be drawn", () => {
  for (const point of [
    [200, 0],
    [-100, 0],
    [0, 0],
    [400, 0],
  ] as const)
    for (const number of numbers(pathThrough(FROM, [point, point], TO))) expect(number).not.toBeNaN();
});

test("a new point belongs to the stretch that it is nearest to", () => {
  const points = [[100, 100] as const, [300, 100] as const];
  expect(placeAmong(FROM, points, TO, [20, 30])).toBe(0);
  expect(placeAmong(FROM, points, TO, [200, 110])).toBe(1);
  expect(placeAmong(FROM, points, TO, [380, 20])).toBe(2);
  expect(roomiest(FROM, points, TO)).toEqual({ index: 1, at: [200, 100] });
  expect(roomiest(FROM, [], TO)).toEqual({ index: 0, at: [200, 0] });
});
