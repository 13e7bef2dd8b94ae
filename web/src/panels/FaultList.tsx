import { AlertTriangle, ChevronDown } from "lucide-react";
import type { JSX } from "react";
import type { Fault } from "../api";
import { homes } from "../document";
import { useEditor, useServer, useTab, useUi } from "../state/editor";
import { enter, select } from "../state/tabs";
import { texts } from "../texts";

/** Every fault of the workflow, with its mend; a click jumps to where it is. */
export function FaultList(): JSX.Element | null {
  const editor = useEditor();
  const faults = useServer((server) => server.faults);
  const isOpen = useUi((ui) => ui.isFaultsOpen);
  const workflow = useTab((tab) => tab.workflow);
  if (faults.length === 0) return null;
  const jump = ({ node }: Fault): void => {
    const home = node ? homes(workflow).get(node) : undefined;
    if (!home || !node) return;
    enter(editor.tabs, home.place.graph === "" ? [] : [home.place.graph]);
    select(editor.tabs, [node]);
    requestAnimationFrame(() => editor.view.current?.fit([node]));
  };
  return (
    <section className="faults" aria-label={texts.bar.faults} data-open={isOpen}>
      <button
        type="button"
        className="faults-head"
        aria-expanded={isOpen}
        onClick={() => editor.ui.setState({ isFaultsOpen: !isOpen })}
      >
        <AlertTriangle size={14} />
        {texts.bar.faultCount(faults.length)}
        <ChevronDown size={14} className="turn" />
      </button>
      {isOpen && (
        <ol>
          {faults.map((fault, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same fault may stand twice.
            <li key={i}>
              <button type="button" onClick={() => jump(fault)}>
                <code>{fault.where}</code> {fault.what}
                {fault.mend && <small>{fault.mend}</small>}
              </button>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
