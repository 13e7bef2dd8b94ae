import { expect, test } from "vitest";
import type { CanvasNode, Wire } from "../../src/canvas/model";
import { pathsByColour } from "../../src/canvas/WireMap";

function node(id: string, x: number, y: number, parentId?: string): CanvasNode {
  const handle = (name: string, at: number) => ({ id: name, x: at - 5, y: 15, width: 10, height: 10 });
  return {
    id,
    type: "node",
    position: { x, y },
    handles: [handle("in:a", 0), handle("out:b", 100)],
    ...(parentId ? { parentId } : {}),
  } as unknown as CanvasNode;
}

function wire(source: string, target: string, colour: string): Wire {
  return {
    id: `${source} ${target}`,
    source,
    sourceHandle: "out:b",
    target,
    targetHandle: "in:a",
    data: { colour, points: [] },
  } as unknown as Wire;
}

test("wires of one colour are one path, from socket to socket", () => {
  const nodes = [node("a", 0, 0), node("b", 300, 0), node("c", 600, 100)];
  const paths = pathsByColour(nodes, [wire("a", "b", "red"), wire("b", "c", "red"), wire("a", "c", "blue")]);
  expect([...paths.keys()]).toEqual(["red", "blue"]);
  expect(paths.get("red")?.match(/M/g)).toHaveLength(2);
  expect(paths.get("blue")).toMatch(/^M100,20 .* 600,120$/);
});

test("what stands in a zone is placed by it", () => {
  const nodes = [node("zone", 1000, 500), node("inner", 40, 50, "zone"), node("out", 2000, 0)];
  expect(pathsByColour(nodes, [wire("inner", "out", "red")]).get("red")).toMatch(/^M1140,570 /);
});

test("a wire whose socket is not shown is left out", () => {
  expect(pathsByColour([node("a", 0, 0)], [wire("a", "gone", "red")]).size).toBe(0);
});
