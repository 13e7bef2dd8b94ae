/** Frames and notes: what stands behind and between the nodes. */

import { type NodeProps, NodeResizer } from "@xyflow/react";
import { type CSSProperties, type JSX, lazy, memo, Suspense, useState } from "react";
import { changeFrame, changeNote } from "../document";
import { useEditor } from "../state/editor";
import { edit, endStep } from "../state/tabs";
import type { CanvasNode } from "./model";

type Of<T extends CanvasNode["type"]> = Extract<CanvasNode, { type?: T }>;

const Markdown = lazy(() => import("../widgets/Markdown").then(({ Markdown: view }) => ({ default: view })));

const MIN_SIZE = 80;

export const FrameView = memo(function FrameView({ data, selected }: NodeProps<Of<"frame">>): JSX.Element {
  const editor = useEditor();
  const { frame, index } = data;
  const style = {
    width: frame.width,
    height: frame.height,
    "--tint": frame.colour || "var(--text-3)",
  } as CSSProperties;
  return (
    <section className="frame" style={style} aria-label={`Frame ${frame.title}`} data-selected={selected}>
      <input
        className="frame-title nodrag"
        aria-label="Frame title"
        placeholder="Frame"
        value={frame.title}
        onChange={(event) =>
          edit(editor.tabs, "Name frame", (workflow) => changeFrame(workflow, index, { title: event.target.value }), {
            merge: `frame ${index}`,
          })
        }
      />
      <NodeResizer
        isVisible={selected}
        minWidth={MIN_SIZE}
        minHeight={MIN_SIZE}
        onResize={(_, { x, y, width, height }) =>
          edit(
            editor.tabs,
            "Resize frame",
            (workflow) => changeFrame(workflow, index, rounded({ x, y, width, height })),
            {
              merge: `resize frame ${index}`,
            },
          )
        }
        onResizeEnd={() => endStep(editor.tabs)}
      />
    </section>
  );
});

export const NoteView = memo(function NoteView({ data, selected }: NodeProps<Of<"note">>): JSX.Element {
  const editor = useEditor();
  const [isOpen, setOpen] = useState(data.note.text === "");
  const { note, index } = data;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: F2 edits the note from the keyboard.
    <div
      className="note"
      style={{ width: note.width, height: note.height }}
      data-selected={selected}
      onDoubleClick={() => setOpen(true)}
    >
      {isOpen ? (
        <textarea
          className="nodrag nowheel"
          aria-label="Note"
          // biome-ignore lint/a11y/noAutofocus: the user has just asked to type here.
          autoFocus={selected}
          placeholder="Write Markdown"
          value={note.text}
          onChange={(event) =>
            edit(editor.tabs, "Write note", (workflow) => changeNote(workflow, index, { text: event.target.value }), {
              merge: `note ${index}`,
            })
          }
          onBlur={() => {
            setOpen(note.text === "");
            endStep(editor.tabs);
          }}
        />
      ) : (
        <Suspense fallback={null}>
          <Markdown text={note.text} />
        </Suspense>
      )}
      <NodeResizer
        isVisible={selected}
        minWidth={MIN_SIZE}
        minHeight={40}
        onResize={(_, { x, y, width, height }) =>
          edit(
            editor.tabs,
            "Resize note",
            (workflow) => changeNote(workflow, index, rounded({ x, y, width, height })),
            {
              merge: `resize note ${index}`,
            },
          )
        }
        onResizeEnd={() => endStep(editor.tabs)}
      />
    </div>
  );
});

function rounded<T extends Record<string, number>>(numbers: T): T {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Math.round(value)])) as T;
}
