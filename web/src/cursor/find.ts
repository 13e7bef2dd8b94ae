/** Finding a node by name. */

import { type Editor, knowledge } from "../state/editor";
import type { Choice } from "../state/ui";
import { texts } from "../texts";
import { putCursor, sceneOf } from "./cursor";
import { titleOf } from "./describe";

/** Lists what stands on the canvas by name; what is looked at is shown. */
export function find(editor: Editor): void {
  const known = knowledge(editor);
  const nodes = sceneOf(editor).nodes.filter(({ type }) => type !== "point");
  const choices = nodes.map((node): Choice => {
    const end = { node: node.id, socket: "" };
    const type = known.types.signature(node.id)?.title ?? "";
    const title = titleOf(node);
    const detail = [type === title ? "" : type, node.type === "node" ? node.id : ""].filter(Boolean).join(" · ");
    return { id: node.id, label: title, detail, reason: "", at: end, act: () => putCursor(editor, end) };
  });
  editor.ui.setState({ chooser: { ...texts.building.chooser.find, list: () => choices } });
}
