import { ImageIcon } from "lucide-react";
import type { JSX } from "react";
import { useShallow } from "zustand/shallow";
import { fileUrl } from "../api";
import type { Signature } from "../catalogue";
import { useEditor, useRun, useRunningState, useTab } from "../state/editor";
import { enlarge, outputsOf, pictureMade } from "../state/pictures";
import { texts } from "../texts";
import { PICTURE } from "./geometry";

/** The picture of a node: live while it is made, then what came out. */
export function NodePicture({ id, signature }: { readonly id: string; readonly signature: Signature }): JSX.Element {
  const tab = useTab(({ key }) => key);
  const editor = useEditor();
  const outputs = useTab(useShallow(({ workflow }) => outputsOf(workflow, id)));
  const preview = useRun((run) => run.nodes.get(id)?.preview?.url);
  const made = useRunningState((running) => pictureMade(running, tab, outputs)?.digest);
  const source = made ? fileUrl(made) : preview;
  return (
    <div className="picture" style={{ height: PICTURE }}>
      {source ? (
        <img
          src={source}
          alt={texts.canvas.resultOf(signature.title)}
          title={made && texts.canvas.enlarge}
          draggable={false}
          onDoubleClick={(event) => {
            if (!made) return;
            event.stopPropagation();
            enlarge(editor, id);
          }}
        />
      ) : (
        <span className="picture-empty">
          <ImageIcon size={18} aria-hidden="true" />
          <span className="unseen">{texts.canvas.noPicture}</span>
        </span>
      )}
    </div>
  );
}
