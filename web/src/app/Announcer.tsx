import { type JSX, useEffect } from "react";
import { useEditor, useUi } from "../state/editor";
import { activeTab, type Tab } from "../state/tabs";
import { say } from "../state/ui";
import { texts } from "../texts";

const words = texts.building.says;

/** Tells those who do not see the canvas what was done to it. */
export function Announcer(): JSX.Element {
  const editor = useEditor();
  const said = useUi((ui) => ui.said);
  useEffect(
    () =>
      editor.tabs.subscribe((now, before) => {
        const text = changeOf(activeTab(now), activeTab(before));
        if (text) say(editor.ui, text);
      }),
    [editor],
  );
  return (
    <output className="unseen" aria-live="polite">
      {said}
    </output>
  );
}

/** What was edited, undone or done again. Typing is not told: a field speaks for itself. */
function changeOf(now: Tab, before: Tab): string {
  const last = now.past.at(-1);
  if (now.key !== before.key || now.past === before.past) return "";
  if (now.future.length > before.future.length) return words.undone(now.future.at(-1)?.label ?? "");
  if (now.future.length < before.future.length && last?.change === before.future.at(-1)?.change)
    return words.redone(last?.label ?? "");
  return now.past.length > before.past.length && last?.merge === "" ? words.done(last.label) : "";
}
