/** What is seen of the canvas, and how. */

import { shownTheme } from "../../settings/preferences";
import { canEnlarge, enlarge } from "../pictures";
import { chosen, type Deed, hasChosen } from "./command";

export const VIEWING: readonly Deed[] = [
  {
    id: "picture",
    shortcut: "P",
    group: "view",
    isPossible: hasChosen,
    run: (editor) => {
      const pictured = new Set(editor.ui.getState().pictured);
      for (const id of chosen(editor)) pictured.has(id) ? pictured.delete(id) : pictured.add(id);
      editor.ui.setState({ pictured });
    },
  },
  {
    id: "enlarge",
    shortcut: "Shift+P",
    group: "view",
    isPossible: (editor) => chosen(editor).length === 1 && canEnlarge(editor, chosen(editor)[0]),
    run: (editor) => enlarge(editor, chosen(editor)[0] ?? ""),
  },
  { id: "fit", shortcut: "F", group: "view", run: ({ view }) => view.current?.fit() },
  {
    id: "fit-chosen",
    shortcut: "Shift+2",
    group: "view",
    isPossible: hasChosen,
    run: (editor) => editor.view.current?.fit(chosen(editor)),
  },
  { id: "zoom-100", shortcut: "1", group: "view", run: ({ view }) => view.current?.zoomTo(1) },
  {
    id: "theme",
    group: "view",
    run: ({ preferences }) =>
      preferences.setState(({ theme }) => ({ theme: shownTheme(theme) === "dark" ? "light" : "dark" })),
  },
];
