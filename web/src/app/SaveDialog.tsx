import { type JSX, useState } from "react";
import { useEditor, useTab } from "../state/editor";
import { saveAs } from "../state/saving";
import { texts } from "../texts";
import { Dialog } from "../widgets";

/** Asks for the name under which the open workflow is kept on the server. */
export function SaveDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const editor = useEditor();
  const tab = useTab((found) => found);
  const [name, setName] = useState(asName(tab.name || tab.workflow.title));
  const [isBusy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    if (await saveAs(editor, tab, name.trim())) onClose();
    setBusy(false);
  };
  return (
    <Dialog title={texts.saving.title} size="small" onClose={onClose}>
      <form
        className="save-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <label>
          {texts.saving.name}
          <input className="field" value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <p className="muted">{texts.saving.hint}</p>
        <footer>
          <button type="button" className="button" onClick={onClose}>
            {texts.saving.cancel}
          </button>
          <button type="submit" className="button primary" disabled={isBusy || name.trim() === ""}>
            {texts.saving.save}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

/** A title as a name that a file may have. */
function asName(title: string): string {
  return title
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
}
