import { Moon, PanelRight, Play, Plus, Square, Sun, X } from "lucide-react";
import type { JSX } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/shallow";
import { EMPTY_WORKFLOW } from "../document";
import { currentJob, isLive, share } from "../running";
import { shownTheme } from "../settings";
import { useEditor, usePreferences, useRunningState, useTab, useUi } from "../state/editor";
import { cancelRun, runWorkflow } from "../state/runs";
import { closeTab, newTab, openTab, type Tab } from "../state/tabs";
import { RunMenu } from "./RunMenu";

/** The open workflows, and the button that everything is about. */
export function TopBar(): JSX.Element {
  const editor = useEditor();
  const theme = usePreferences((preferences) => shownTheme(preferences.theme));
  const isResultsOpen = useUi((ui) => ui.isResultsOpen);
  return (
    <header className="topbar">
      <span className="brand">
        <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
          <path
            d="M4 6c6 0 5 12 16 12M4 12h16M4 18c6 0 5-12 16-12"
            fill="none"
            stroke="currentColor"
            strokeWidth="2"
            strokeLinecap="round"
          />
        </svg>
        <span>Latentloom</span>
      </span>
      <TabStrip />
      <RunButton />
      <button
        type="button"
        className="button"
        aria-label={theme === "dark" ? "Light theme" : "Dark theme"}
        onClick={() => editor.preferences.setState({ theme: theme === "dark" ? "light" : "dark" })}
      >
        {theme === "dark" ? <Sun size={15} /> : <Moon size={15} />}
      </button>
      <button
        type="button"
        className="button"
        aria-label="Results"
        aria-pressed={isResultsOpen}
        onClick={() => editor.ui.setState({ isResultsOpen: !isResultsOpen })}
      >
        <PanelRight size={15} />
      </button>
    </header>
  );
}

function TabStrip(): JSX.Element {
  const editor = useEditor();
  const { tabs, active } = useStore(
    editor.tabs,
    useShallow((state) => ({ tabs: state.tabs, active: state.active })),
  );
  return (
    <nav className="tabs" aria-label="Open workflows">
      {tabs.map((tab) => (
        <span key={tab.key} className="tab" data-active={tab.key === active}>
          <button
            type="button"
            className="tab-name"
            aria-current={tab.key === active}
            onClick={() => editor.tabs.setState({ active: tab.key })}
          >
            {titleOf(tab)}
            <SaveMark tab={tab} />
          </button>
          <button
            type="button"
            className="tab-close"
            aria-label={`Close ${titleOf(tab)}`}
            onClick={() => closeTab(editor.tabs, tab.key)}
          >
            <X size={12} />
          </button>
        </span>
      ))}
      <button
        type="button"
        className="button"
        aria-label="New workflow"
        onClick={() => openTab(editor.tabs, newTab({ ...EMPTY_WORKFLOW }))}
      >
        <Plus size={15} />
      </button>
    </nav>
  );
}

function titleOf({ workflow, name }: Tab): string {
  return name || workflow.title || "New workflow";
}

const SAVE_WORDS: Readonly<Record<Tab["saving"], string>> = {
  saved: "",
  changed: "Not saved yet; kept in this browser",
  saving: "Saving",
  conflict: "Somebody else has saved this workflow",
  failed: "Could not be saved; kept in this browser",
};

function SaveMark({ tab: { saving, saveError } }: { readonly tab: Tab }): JSX.Element | null {
  return saving === "saved" ? null : (
    <i className="save-mark" data-state={saving} title={saveError || SAVE_WORDS[saving]} />
  );
}

function RunButton(): JSX.Element {
  const editor = useEditor();
  const key = useTab((tab) => tab.key);
  const job = useRunningState((running) => currentJob(running, key));
  const isBusy = job !== undefined && isLive(job);
  return (
    <div className="run">
      {isBusy && (
        <button type="button" className="button" onClick={() => void cancelRun(editor)} title="Cancel (Ctrl+.)">
          <Square size={12} />
          Cancel
        </button>
      )}
      <button
        type="button"
        className="button primary"
        onClick={() => void runWorkflow(editor)}
        title="Run (Ctrl+Enter)"
      >
        <Play size={14} fill="currentColor" />
        {isBusy ? (job.state === "queued" ? "Queued" : `${Math.round(share(job) * 100)} %`) : "Run"}
      </button>
      <RunMenu />
      {isBusy && <i className="run-bar" style={{ width: `${share(job) * 100}%` }} />}
    </div>
  );
}
