import type { JSX } from "react";
import { useEditor, useTab } from "../state/editor";
import { keepMine, takeTheirs } from "../state/saving";
import { texts } from "../texts";

/** Shown when somebody else has saved the open workflow: nothing is overwritten before the user chooses. */
export function ConflictBar(): JSX.Element | null {
  const editor = useEditor();
  const tab = useTab((found) => found);
  if (tab.saving !== "conflict") return null;
  return (
    <div className="conflict" role="alert">
      <span>
        <strong>{texts.saving.conflict}</strong> {texts.saving.kept}
      </span>
      <button type="button" className="button" onClick={() => void takeTheirs(editor, tab)}>
        {texts.saving.theirs}
      </button>
      <button type="button" className="button" onClick={() => void keepMine(editor, tab)}>
        {texts.saving.mine}
      </button>
      <button type="button" className="button" onClick={() => editor.ui.setState({ window: "save" })}>
        {texts.saving.copy}
      </button>
    </div>
  );
}
