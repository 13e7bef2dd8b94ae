/** Running the open workflow. */

import { placeOf } from "../../document";
import { knowledge } from "../editor";
import { cancelRun, runWorkflow } from "../runs";
import { chosen, type Deed, tabOf } from "./command";

export const RUNNING: readonly Deed[] = [
  { id: "run", shortcut: "Ctrl+Enter", group: "run", run: (editor) => void runWorkflow(editor) },
  { id: "sweep", group: "run", run: ({ ui }) => ui.setState({ window: "sweep" }) },
  {
    id: "run-to",
    group: "run",
    isPossible: (editor) => {
      const ids = chosen(editor);
      return ids.length > 0 && ids.every((id) => placeOf(tabOf(editor).workflow, id).loops.length === 0);
    },
    run: (editor) => {
      const { types } = knowledge(editor);
      const outputs = chosen(editor).flatMap((id) =>
        (types.signature(id)?.outputs ?? []).map(({ name }) => `${id}.${name}`),
      );
      void runWorkflow(editor, { outputs });
    },
  },
  { id: "cancel", shortcut: "Ctrl+.", group: "run", run: (editor) => void cancelRun(editor) },
];
