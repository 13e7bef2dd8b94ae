import { useStore as useFlowStore, useReactFlow } from "@xyflow/react";
import { Keyboard, Maximize2, Redo2, Undo2, Wand2, ZoomIn, ZoomOut } from "lucide-react";
import type { JSX, ReactNode } from "react";
import { useHint } from "../commands";
import { type CommandId, commandOf } from "../state/commands";
import { useEditor, useRunningState, useTab } from "../state/editor";
import { texts } from "../texts";

const words = texts.bar;

/** Small tools at the canvas's lower edge, and how the server is. */
export function StatusBar(): JSX.Element {
  const flow = useReactFlow();
  const zoom = useFlowStore(({ transform }) => Math.round(transform[2] * 100));
  const zoomHint = useHint("zoom-100");
  const done = useTab(({ past }) => past.at(-1)?.label);
  const undone = useTab(({ future }) => future.at(-1)?.label);
  return (
    <div className="statusbar" role="toolbar" aria-label={words.tools}>
      <Tool command="undo" step={done ?? ""} isDisabled={done === undefined}>
        <Undo2 size={14} />
      </Tool>
      <Tool command="redo" step={undone ?? ""} isDisabled={undone === undefined}>
        <Redo2 size={14} />
      </Tool>
      <span className="gap" />
      <button
        type="button"
        className="button"
        aria-label={words.zoomOut}
        onClick={() => void flow.zoomOut({ duration: 120 })}
      >
        <ZoomOut size={14} />
      </button>
      <button
        type="button"
        className="button zoom"
        title={zoomHint}
        onClick={() => void flow.zoomTo(1, { duration: 160 })}
      >
        {words.progress(zoom / 100)}
      </button>
      <button
        type="button"
        className="button"
        aria-label={words.zoomIn}
        onClick={() => void flow.zoomIn({ duration: 120 })}
      >
        <ZoomIn size={14} />
      </button>
      <Tool command="fit">
        <Maximize2 size={13} />
      </Tool>
      <Tool command="arrange">
        <Wand2 size={14} />
      </Tool>
      <Tool command="help">
        <Keyboard size={14} />
      </Tool>
      <ServerState />
    </div>
  );
}

function Tool({
  command: id,
  step = "",
  isDisabled = false,
  children,
}: {
  readonly command: CommandId;
  /** What it takes back, or does again. */
  readonly step?: string;
  readonly isDisabled?: boolean;
  readonly children: ReactNode;
}): JSX.Element {
  const editor = useEditor();
  const { label, run } = commandOf(id);
  const hint = useHint(id);
  return (
    <button
      type="button"
      className="button"
      aria-label={label}
      title={step ? words.undoing(hint, step) : hint}
      disabled={isDisabled}
      onClick={() => run(editor)}
    >
      {children}
    </button>
  );
}

function ServerState(): JSX.Element | null {
  const connection = useRunningState((running) => running.connection);
  const engine = useRunningState((running) => running.engine);
  if (connection !== "open")
    return <output className="server-state">{connection === "lost" ? words.lost : words.connecting}</output>;
  if (engine.state === "ready") return null;
  return <output className="server-state">{engine.message || words.engine(engine.state)}</output>;
}
