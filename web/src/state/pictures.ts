/** The pictures that nodes show, and one of them large. */

import type { FileEntry } from "../api";
import type { Workflow } from "../document";
import { filesOf, isPicture } from "../results/files";
import { currentJob, type Running } from "../running";
import type { Editor } from "./editor";
import { activeTab } from "./tabs";

/** Names of the workflow's outputs that a node gives. */
export function outputsOf({ outputs }: Workflow, node: string): string[] {
  return Object.keys(outputs).filter((name) => outputs[name]?.[0] === node);
}

/** The first picture that was made of some outputs in the run that a tab shows. */
export function pictureMade(running: Running, tab: string, outputs: readonly string[]): FileEntry | undefined {
  return outputs.flatMap((name) => currentJob(running, tab)?.outputs[name] ?? []).find(isPicture);
}

function madeBy(editor: Editor, node: string): FileEntry | undefined {
  const { key, workflow } = activeTab(editor.tabs.getState());
  return pictureMade(editor.running.store.getState(), key, outputsOf(workflow, node));
}

export function canEnlarge(editor: Editor, node: string | undefined): boolean {
  return node !== undefined && madeBy(editor, node) !== undefined;
}

/** Shows the picture of a node on the whole screen, among all that its run made. */
export function enlarge(editor: Editor, node: string): void {
  const job = currentJob(editor.running.store.getState(), activeTab(editor.tabs.getState()).key);
  const made = madeBy(editor, node);
  if (!job || !made) return;
  const files = filesOf(job).filter(isPicture);
  editor.ui.setState({ enlarged: { files, at: files.indexOf(made) } });
}
