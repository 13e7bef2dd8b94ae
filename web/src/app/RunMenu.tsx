import { ChevronDown } from "lucide-react";
import type { JSX, MouseEvent } from "react";
import { useEditor, useUi } from "../state/editor";
import { runWorkflow } from "../state/runs";
import type { MenuItem } from "../state/ui";
import { texts } from "../texts";

const words = texts.results.run;
/** After all that is queued at the usual priority, 0. */
const LATER = -100;

/** Other ways to run than at once. */
export function RunMenu(): JSX.Element {
  const editor = useEditor();
  const isOpen = useUi((ui) => ui.menu !== null);
  const open = (event: MouseEvent<HTMLElement>): void => {
    const { left, bottom } = event.currentTarget.getBoundingClientRect();
    const items: MenuItem[] = [
      { kind: "action", label: words.several, act: () => editor.ui.setState({ window: "sweep" }) },
      { kind: "action", label: words.first, act: () => void runWorkflow(editor, { front: true }) },
      { kind: "action", label: words.later, act: () => void runWorkflow(editor, { priority: LATER }) },
      { kind: "line" },
      { kind: "action", label: words.queue, act: () => editor.ui.setState({ isResultsOpen: true, dock: "jobs" }) },
    ];
    editor.ui.setState({ menu: { screen: { x: left, y: bottom + 4 }, items } });
  };
  return (
    <button
      type="button"
      className="button primary run-menu"
      aria-label={words.menu}
      title={words.menu}
      aria-haspopup="menu"
      aria-expanded={isOpen}
      onClick={open}
    >
      <ChevronDown size={14} aria-hidden="true" />
    </button>
  );
}
