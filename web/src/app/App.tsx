import { ReactFlowProvider } from "@xyflow/react";
import { BookOpen, Boxes, FolderOpen, LayoutGrid, Settings, SlidersHorizontal } from "lucide-react";
import { type JSX, type ReactNode, useEffect, useState } from "react";
import { Canvas } from "../canvas/Canvas";
import { Chooser } from "../chooser/Chooser";
import { CommandButton, useKeys } from "../commands";
import { graphOf } from "../document";
import { Palette } from "../palette/Palette";
import { FaultList } from "../panels/FaultList";
import { InputsPanel } from "../panels/InputsPanel";
import { LibraryPanel } from "../panels/LibraryPanel";
import { ResultsDock } from "../panels/ResultsDock";
import { WorkflowsPanel } from "../panels/WorkflowsPanel";
import { ReferencePanel } from "../reference";
import { RunningProvider } from "../running";
import { createEditor, type Editor, EditorProvider, useEditor, useTab, useUi } from "../state/editor";
import { hear, startSync } from "../state/sync";
import { enter } from "../state/tabs";
import type { SidePanel } from "../state/ui";
import { texts } from "../texts";
import { Tour } from "../tour";
import { WidgetProvider } from "../widgets";
import { Announcer } from "./Announcer";
import { ConflictBar } from "./ConflictBar";
import { useClipboard } from "./clipboard";
import { useFileDrop } from "./drops";
import { EmptyCanvas } from "./EmptyCanvas";
import { Enlarged } from "./Enlarged";
import { Menu } from "./Menu";
import { Notice } from "./Notice";
import { StatusBar } from "./StatusBar";
import { TopBar } from "./TopBar";
import { Windows } from "./Windows";

const words = texts.bar;

/** The editor, whole. */
export function App(): JSX.Element {
  const [editor] = useState(() => {
    const made: Editor = createEditor((event) => hear(made, event));
    return made;
  });
  useEffect(() => startSync(editor), [editor]);
  return (
    <EditorProvider value={editor}>
      <RunningProvider service={editor.running}>
        <WidgetProvider value={editor.widgets}>
          <ReactFlowProvider>
            <Shell />
          </ReactFlowProvider>
        </WidgetProvider>
      </RunningProvider>
    </EditorProvider>
  );
}

function Shell(): JSX.Element {
  useKeys();
  useClipboard();
  const drop = useFileDrop();
  const side = useUi((ui) => ui.side);
  const isResultsOpen = useUi((ui) => ui.isResultsOpen);
  const isOpening = useUi((ui) => ui.isOpening);
  return (
    <div className="shell" data-side={side !== ""} data-results={isResultsOpen} aria-busy={isOpening}>
      <TopBar />
      <Rail />
      {side !== "" && (
        <aside className="side" aria-label={SIDES[side].label}>
          {!isOpening && SIDES[side].panel}
        </aside>
      )}
      <main className="stage" {...drop}>
        <Breadcrumbs />
        <ConflictBar />
        {!isOpening && <Canvas />}
        {!isOpening && <EmptyCanvas />}
        <StatusBar />
        <FaultList />
        <ReferencePanel />
        <Notice />
      </main>
      {isResultsOpen && (
        <aside className="dock" aria-label={words.results}>
          <ResultsDock />
        </aside>
      )}
      <Palette />
      <Chooser />
      <Announcer />
      <Menu />
      <Windows />
      <Enlarged />
      <Tour />
    </div>
  );
}

const SIDES: Readonly<
  Record<Exclude<SidePanel, "">, { readonly label: string; readonly icon: ReactNode; readonly panel: ReactNode }>
> = {
  inputs: { label: words.sides.inputs, icon: <SlidersHorizontal size={17} />, panel: <InputsPanel /> },
  library: { label: words.sides.library, icon: <Boxes size={17} />, panel: <LibraryPanel /> },
  workflows: { label: words.sides.workflows, icon: <FolderOpen size={17} />, panel: <WorkflowsPanel /> },
};

function Rail(): JSX.Element {
  const editor = useEditor();
  const side = useUi((ui) => ui.side);
  return (
    <nav className="rail" aria-label={words.panels}>
      {(Object.keys(SIDES) as Exclude<SidePanel, "">[]).map((name) => (
        <button
          type="button"
          key={name}
          className="button"
          aria-label={SIDES[name].label}
          title={SIDES[name].label}
          aria-pressed={side === name}
          onClick={() => editor.ui.setState({ side: side === name ? "" : name })}
        >
          {SIDES[name].icon}
        </button>
      ))}
      <span className="gap" />
      <CommandButton id="examples" icon={<LayoutGrid size={17} />} />
      <CommandButton id="documentation" icon={<BookOpen size={17} />} />
      <CommandButton id="settings" icon={<Settings size={17} />} />
    </nav>
  );
}

/** Where one is inside subgraphs. */
function Breadcrumbs(): JSX.Element | null {
  const editor = useEditor();
  const entered = useTab((tab) => tab.entered);
  const workflow = useTab((tab) => tab.workflow);
  if (entered.length === 0) return null;
  return (
    <nav className="breadcrumbs" aria-label={words.subgraphs}>
      <button type="button" className="button" onClick={() => enter(editor.tabs, [])}>
        {workflow.title || words.workflow}
      </button>
      {entered.map((name, i) => (
        <button
          type="button"
          key={name}
          className="button"
          aria-current={i === entered.length - 1}
          onClick={() => enter(editor.tabs, entered.slice(0, i + 1))}
        >
          {graphOf(workflow, name)?.title || name}
        </button>
      ))}
    </nav>
  );
}
