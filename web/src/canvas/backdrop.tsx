/** Frames and notes: what stands behind and between the nodes. */

import { type NodeProps, NodeResizer } from "@xyflow/react";
import { type CSSProperties, type JSX, memo } from "react";
import { changeFrame, changeNote } from "../document";
import { useEditor, useUi } from "../state/editor";
import { edit, endStep } from "../state/tabs";
import { texts } from "../texts";
import { tintOf } from "../theme/tints";
import { Markdown } from "../widgets";
import { useDetail } from "./detail";
import type { Rect } from "./geometry";
import type { CanvasNode } from "./model";

import { Title } from "./Title";

type Of<T extends CanvasNode["type"]> = Extract<CanvasNode, { type?: T }>;

const words = texts.canvas;
const MIN_SIZE = 80;

export const FrameView = memo(function FrameView({ id, data, selected }: NodeProps<Of<"frame">>): JSX.Element {
  const editor = useEditor();
  const detail = useDetail();
  const { frame, index } = data;
  const style = {
    width: frame.width,
    height: frame.height,
    "--tint": tintOf(frame.colour) || "var(--text-3)",
  } as CSSProperties;
  return (
    <section className="frame" style={style} aria-label={words.frame(frame.title)} data-selected={selected}>
      <header className="frame-head" data-detail={detail}>
        <Title id={id} title={frame.title} placeholder={words.frameTitle} />
      </header>
      <NodeResizer
        isVisible={selected}
        minWidth={MIN_SIZE}
        minHeight={MIN_SIZE}
        onResize={(_, box) =>
          edit(editor.tabs, texts.edits.resizeFrame, (workflow) => changeFrame(workflow, index, sizeOf(box)), {
            merge: `resize frame ${index}`,
          })
        }
        onResizeEnd={() => endStep(editor.tabs)}
      />
    </section>
  );
});

/** Markdown on the canvas; a double click or F2 edits it. */
export const NoteView = memo(function NoteView({ id, data, selected }: NodeProps<Of<"note">>): JSX.Element {
  const editor = useEditor();
  const isOpen = useUi((ui) => ui.naming === id);
  const { note, index } = data;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: F2 edits the note from the keyboard.
    <div
      className="note"
      style={{ width: note.width, height: note.height }}
      data-selected={selected}
      onDoubleClick={() => editor.ui.setState({ naming: id })}
    >
      {isOpen ? <NoteField id={id} index={index} text={note.text} /> : <NoteText text={note.text} />}
      <NodeResizer
        isVisible={selected}
        minWidth={MIN_SIZE}
        minHeight={40}
        onResize={(_, box) =>
          edit(editor.tabs, texts.edits.resizeNote, (workflow) => changeNote(workflow, index, sizeOf(box)), {
            merge: `resize note ${index}`,
          })
        }
        onResizeEnd={() => endStep(editor.tabs)}
      />
    </div>
  );
});

function NoteText({ text }: { readonly text: string }): JSX.Element {
  if (text === "") return <p className="muted">{words.noteHint}</p>;
  return <Markdown text={text} />;
}

interface NoteFieldProps {
  readonly id: string;
  readonly index: number;
  readonly text: string;
}

function NoteField({ id, index, text }: NoteFieldProps): JSX.Element {
  const editor = useEditor();
  return (
    <textarea
      className="nodrag nowheel"
      aria-label={words.note}
      // biome-ignore lint/a11y/noAutofocus: the user has just asked to type here.
      autoFocus
      placeholder={words.noteHint}
      value={text}
      onChange={(event) =>
        edit(
          editor.tabs,
          texts.edits.writeNote,
          (workflow) => changeNote(workflow, index, { text: event.target.value }),
          { merge: `note ${index}` },
        )
      }
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape") event.currentTarget.blur();
      }}
      onBlur={() => {
        editor.ui.setState(({ naming }) => (naming === id ? { naming: "" } : {}));
        endStep(editor.tabs);
      }}
    />
  );
}

function sizeOf({ x, y, width, height }: Rect): Rect {
  return { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) };
}
