import { ImageIcon } from "lucide-react";
import type { JSX } from "react";
import { useShallow } from "zustand/shallow";
import { fileUrl } from "../api";
import type { Signature } from "../catalogue";
import { currentJob } from "../running";
import { useRun, useRunningState, useTab } from "../state/editor";
import { texts } from "../texts";
import { PICTURE } from "./geometry";

/** The picture of a node: live while it is made, then what came out. */
export function NodePicture({ id, signature }: { readonly id: string; readonly signature: Signature }): JSX.Element {
  const tab = useTab(({ key }) => key);
  const outputs = useTab(
    useShallow(({ workflow }) =>
      Object.entries(workflow.outputs)
        .filter(([, link]) => link[0] === id)
        .map(([name]) => name),
    ),
  );
  const preview = useRun((run) => run.nodes.get(id)?.preview?.url);
  const made = useRunningState((running) => {
    const files = outputs.flatMap((name) => currentJob(running, tab)?.outputs[name] ?? []);
    return files.find((file) => file.media_type.startsWith("image/"))?.digest;
  });
  const source = made ? fileUrl(made) : preview;
  return (
    <div className="picture" style={{ height: PICTURE }}>
      {source ? (
        <img src={source} alt={texts.canvas.resultOf(signature.title)} draggable={false} />
      ) : (
        <span className="picture-empty">
          <ImageIcon size={18} aria-hidden="true" />
          <span className="unseen">{texts.canvas.noPicture}</span>
        </span>
      )}
    </div>
  );
}
