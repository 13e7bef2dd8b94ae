/** Starting and stopping runs of the open workflow. */

import { ApiError, type JobOptions } from "../api";
import { isLive, requested } from "../running";
import { texts } from "../texts";
import { advanceSeeds, type SeedMode } from "../widgets/seeds";
import type { Editor } from "./editor";
import { activeTab, edit, seedOwner } from "./tabs";
import { tell } from "./ui";

/** Sends the open workflow to the server. Faults that it finds are shown where they are. */
export async function runWorkflow(editor: Editor, options: JobOptions = {}): Promise<void> {
  const tab = activeTab(editor.tabs.getState());
  const { key, workflow, name } = tab;
  try {
    await editor.running.run(key, workflow, { title: workflow.title || name, ...options });
    const { seedModes } = editor.widgets.known.getState();
    const modeOf = (seed: string): SeedMode => seedModes.get(seed) ?? "fixed";
    edit(editor.tabs, texts.edits.nextSeed, (now) => advanceSeeds(now, seedOwner(tab), modeOf), { tab: key });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.faults.length > 0) {
      editor.server.setState({ faults: error.faults });
      editor.ui.setState({ isFaultsOpen: true });
    }
    tell(editor.ui, error.message);
  }
}

/** Cancels what was started from the open workflow and has not ended. */
export async function cancelRun(editor: Editor): Promise<void> {
  const running = editor.running.store.getState();
  const asked = requested(running, activeTab(editor.tabs.getState()).key);
  const live = asked.filter((id) => running.jobs[id] && isLive(running.jobs[id]));
  try {
    await Promise.all(live.map(editor.running.cancel));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    tell(editor.ui, error.message);
  }
}
