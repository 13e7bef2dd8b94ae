import { describe, expect, test } from "vitest";
import { freeSpot, nearest } from "../../src/cursor/nearest";
import { beside } from "../../src/cursor/sockets";

const box = (x: number, y: number, width = 100, height = 60) => ({ x, y, width, height });
const named = (name: string, x: number, y: number) => ({ name, rect: box(x, y) });

describe("the nearest box that way", () => {
  const others = [
    named("far right", 400, 0),
    named("right", 150, 20),
    named("below", 0, 100),
    named("aside", 150, 300),
  ];

  test("is the nearest one on the way", () => {
    expect(nearest(box(0, 0), others, "right")?.name).toBe("right");
    expect(nearest(box(0, 0), others, "down")?.name).toBe("below");
  });

  test("is none where nothing stands that way", () => {
    expect(nearest(box(0, 0), others, "left")).toBeUndefined();
  });

  test("is found aside where nothing stands on the way", () => {
    expect(nearest(box(0, 0), [named("aside", 150, 300)], "right")?.name).toBe("aside");
  });
});

describe("a free spot", () => {
  test("is where one asks for it when nothing stands there", () => {
    expect(freeSpot({ x: 5, y: 7 }, box(0, 0), [box(500, 500)])).toEqual({ x: 5, y: 7 });
  });

  test("is below what stands there, with room between", () => {
    const standing = [box(0, 0, 100, 60.4), box(0, 90)];
    const { x, y } = freeSpot({ x: 0, y: 10.5 }, box(0, 0), standing);
    expect(x).toBe(0);
    expect(y).toBe(174);
  });
});

describe("the socket beside another one", () => {
  const socket = (id: string, x: number, y: number) => ({
    id,
    name: id,
    type: undefined,
    side: "target" as const,
    x,
    y,
  });
  const [a, b, out] = [socket("a", 0, 40), socket("b", 0, 64), socket("out", 200, 60)];

  test("is the next one of the same edge", () => {
    expect(beside([a, b, out], a, "down")).toBe(b);
    expect(beside([a, b, out], b, "down")).toBeUndefined();
  });

  test("is the one at the same height of the other edge", () => {
    expect(beside([a, b, out], a, "right")).toBe(out);
    expect(beside([a, b, out], out, "left")).toBe(b);
    expect(beside([a, b, out], a, "left")).toBeUndefined();
  });
});
