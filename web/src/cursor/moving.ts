/** Moving and sizing what is selected with keys, and taking it into loops and out of them. */

import { carryThings } from "../canvas/dropping";
import { MIN_WIDTH, NODE_WIDTH, type Rect } from "../canvas/geometry";
import {
  changeBox,
  changeFrame,
  changeNote,
  homes,
  loopOf,
  moveIntoLoop,
  moveOutOfLoop,
  outermost,
  type Point,
  placeOf,
  thingOf,
  type Workflow,
  withInner,
} from "../document";
import { type Editor, knowledge } from "../state/editor";
import { activeTab, edit } from "../state/tabs";
import { type Choice, say } from "../state/ui";
import { projectionNow } from "../state/view";
import { texts } from "../texts";
import { rectOf, sceneOf } from "./cursor";
import { titleOfId } from "./describe";
import { type Direction, freeSpot, STEPS } from "./nearest";

const words = texts.building;
const STEP = 8;
const FAR = 10 * STEP;
/** From a zone's corner to where its first node stands. */
const INSIDE_ZONE = { x: 130, y: 60 };
const BELOW = 32;

const chosen = (editor: Editor): string[] => [...activeTab(editor.tabs.getState()).selection];

/** Moves what is selected by a step. Many steps in a row are one edit. */
export function moveChosen(editor: Editor, direction: Direction, isFar: boolean): void {
  const keys = chosen(editor);
  const size = isFar ? FAR : STEP;
  const by = { x: STEPS[direction].x * size, y: STEPS[direction].y * size };
  edit(editor.tabs, texts.edits.move, (workflow) => shifted(editor, workflow, keys, by), {
    merge: `move ${keys.join()}`,
  });
  const scene = sceneOf(editor);
  const rect = scene.cursor && rectOf(scene, scene.cursor);
  if (rect) editor.view.current?.reveal(rect);
}

/** Things moved by so much, with what stands in them. */
function shifted(editor: Editor, workflow: Workflow, keys: readonly string[], by: Point): Workflow {
  const projected = projectionNow(editor);
  const corners = keys.flatMap((key) => {
    const rect = rectOf(projected, { node: key, socket: "" });
    return rect ? [[key, { x: rect.x + by.x, y: rect.y + by.y }] as const] : [];
  });
  return carryThings(workflow, projected, Object.fromEntries(corners));
}

/** Makes what is selected wider, narrower, higher or lower. */
export function sizeChosen(editor: Editor, direction: Direction): void {
  const keys = chosen(editor);
  const projected = projectionNow(editor);
  const by = { width: STEPS[direction].x * STEP * 2, height: STEPS[direction].y * STEP * 2 };
  edit(editor.tabs, texts.edits.resize, (workflow) => keys.reduce((now, key) => sized(now, key), workflow), {
    merge: `resize ${keys.join()}`,
  });
  function sized(workflow: Workflow, key: string): Workflow {
    const thing = thingOf(key);
    const rect = rectOf(projected, { node: key, socket: "" });
    if (!rect || thing.kind === "wire" || thing.kind === "point") return workflow;
    if (thing.kind !== "node") {
      const size = { width: Math.max(80, rect.width + by.width), height: Math.max(40, rect.height + by.height) };
      return thing.kind === "frame"
        ? changeFrame(workflow, thing.index, size)
        : changeNote(workflow, thing.index, size);
    }
    const width = Math.max(MIN_WIDTH, rect.width + by.width);
    if (!loopOf(workflow, key)) return by.width === 0 ? workflow : changeBox(workflow, key, { width });
    return changeBox(workflow, key, { x: rect.x, y: rect.y, width, height: Math.max(0, rect.height + by.height) });
  }
}

/** The loops that what is selected can move into. */
function loopsAround(editor: Editor): string[] {
  const { workflow } = knowledge(editor);
  const ids = chosen(editor).filter((id) => homes(workflow).has(id));
  const inner = withInner(workflow, ids);
  const parents = new Set(ids.map((id) => placeOf(workflow, id).loops.at(-1)));
  return projectionNow(editor).nodes.flatMap(({ id, type }) =>
    type === "loop" && !inner.has(id) && !(parents.size === 1 && parents.has(id)) ? [id] : [],
  );
}

export function canMoveIntoLoop(editor: Editor): boolean {
  return chosen(editor).length > 0 && loopsAround(editor).length > 0;
}

/** Takes what is selected into a loop's body; asks which where there are several. */
export function chooseLoop(editor: Editor): void {
  const known = knowledge(editor);
  const loops = loopsAround(editor);
  const [only, ...others] = loops;
  const choices = loops.map((id): Choice => {
    return {
      id,
      label: titleOfId(known, id),
      detail: id,
      reason: "",
      at: { node: id, socket: "" },
      act: () => intoLoop(editor, id),
    };
  });
  if (only !== undefined && others.length === 0) intoLoop(editor, only);
  else editor.ui.setState({ chooser: { ...words.chooser.loop, list: () => choices } });
}

function intoLoop(editor: Editor, loop: string): void {
  const { rects } = projectionNow(editor);
  const zone = rects.get(loop);
  const { workflow } = knowledge(editor);
  const ids = outermost(workflow, chosen(editor));
  if (!zone) return;
  const body = Object.keys(loopOf(workflow, loop)?.body ?? {}).flatMap((id) => rects.get(id) ?? []);
  const group = around(ids.flatMap((id) => rects.get(id) ?? []));
  const spot = freeSpot({ x: zone.x + INSIDE_ZONE.x, y: zone.y + INSIDE_ZONE.y }, group, body);
  const by = { x: Math.round(spot.x - group.x), y: Math.round(spot.y - group.y) };
  edit(editor.tabs, texts.edits.enterLoop, (now) => moveIntoLoop(shifted(editor, now, ids, by), ids, loop));
  say(editor.ui, words.says.in(titleOfId(knowledge(editor), loop)));
}

/** Takes what is selected out of its loop, and below it, so that it is seen to stand outside. */
export function leaveLoop(editor: Editor): void {
  const { rects } = projectionNow(editor);
  const { workflow } = knowledge(editor);
  const ids = outermost(workflow, chosen(editor)).filter((id) => placeOf(workflow, id).loops.length > 0);
  const group = around(ids.flatMap((id) => rects.get(id) ?? []));
  const zone = rects.get(placeOf(workflow, ids[0] ?? "").loops.at(-1) ?? "");
  const by = zone ? { x: 0, y: Math.round(zone.y + zone.height + BELOW - group.y) } : { x: 0, y: 0 };
  edit(editor.tabs, texts.edits.leaveLoop, (now) => moveOutOfLoop(shifted(editor, now, ids, by), ids));
}

function around(rects: readonly Rect[]): Rect {
  if (rects.length === 0) return { x: 0, y: 0, width: NODE_WIDTH, height: NODE_WIDTH };
  const x = Math.min(...rects.map((rect) => rect.x));
  const y = Math.min(...rects.map((rect) => rect.y));
  const right = Math.max(...rects.map((rect) => rect.x + rect.width));
  const bottom = Math.max(...rects.map((rect) => rect.y + rect.height));
  return { x, y, width: right - x, height: bottom - y };
}
