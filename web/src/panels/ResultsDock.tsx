/** Beside the canvas: results of the last run, its steps, all pictures, all jobs. */

import { Film, History as HistoryIcon, Image, Images, type LucideIcon } from "lucide-react";
import { type JSX, useMemo } from "react";
import { DeskProvider, ResultsPanel } from "../results";
import { currentJob } from "../running";
import { useEditor, useRunningState, useServer, useTab, useUi } from "../state/editor";
import type { DockView } from "../state/ui";
import { picturedTypes } from "../steps/loops";
import { texts } from "../texts";
import { later } from "../widgets";
import { DockEdge } from "./DockEdge";
import { useEditorDesk } from "./desk";
import { showNode } from "./showNode";

const Gallery = later(async () => (await import("../results/Gallery")).Gallery);
const History = later(async () => (await import("../results/History")).History);
const StepSlider = later(async () => (await import("../steps")).StepSlider);

const VIEWS: Readonly<Record<DockView, { readonly label: string; readonly icon: LucideIcon }>> = {
  results: { label: texts.results.panel, icon: Image },
  steps: { label: texts.steps.panel, icon: Film },
  gallery: { label: texts.results.gallery.panel, icon: Images },
  jobs: { label: texts.results.jobs.panel, icon: HistoryIcon },
};

export function ResultsDock(): JSX.Element {
  const editor = useEditor();
  const view = useUi((ui) => ui.dock);
  const desk = useEditorDesk();
  return (
    <DeskProvider value={desk}>
      <DockEdge />
      <nav className="dock-views" aria-label={texts.results.views}>
        {(Object.keys(VIEWS) as DockView[]).map((each) => {
          const { label, icon: Icon } = VIEWS[each];
          return (
            <button
              type="button"
              key={each}
              className="button"
              aria-current={each === view ? "page" : undefined}
              onClick={() => editor.ui.setState({ dock: each })}
            >
              <Icon size={14} aria-hidden="true" />
              {label}
            </button>
          );
        })}
      </nav>
      <div className="dock-view">
        <View view={view} />
      </div>
    </DeskProvider>
  );
}

function View({ view }: { readonly view: DockView }): JSX.Element {
  const editor = useEditor();
  const key = useTab((tab) => tab.key);
  switch (view) {
    case "results":
      return <ResultsPanel owner={key} onSteps={() => editor.ui.setState({ dock: "steps" })} />;
    case "steps":
      return <Steps owner={key} />;
    case "gallery":
      return <Gallery />;
    case "jobs":
      return (
        <History
          onOpen={({ id }) => {
            void editor.running.show(key, [id]);
            editor.ui.setState({ dock: "results" });
          }}
        />
      );
  }
}

function Steps({ owner }: { readonly owner: string }): JSX.Element {
  const editor = useEditor();
  const job = useRunningState((running) => currentJob(running, owner)?.id);
  const catalogue = useServer((server) => server.catalogue);
  const pictured = useMemo(() => picturedTypes(catalogue.content), [catalogue]);
  if (job === undefined) return <p className="nothing">{texts.results.noneYet}</p>;
  return <StepSlider job={job} pictured={pictured} onNode={(node) => showNode(editor, node)} />;
}
