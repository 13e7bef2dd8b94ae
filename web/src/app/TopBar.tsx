import { Moon, PanelRight, Play, Square, Sun } from "lucide-react";
import type { JSX } from "react";
import type { Job } from "../api";
import { useHint } from "../commands";
import { currentJob, isLive, share } from "../running";
import { shownTheme } from "../settings";
import { useEditor, usePreferences, useRunningState, useTab, useUi } from "../state/editor";
import { cancelRun, runWorkflow } from "../state/runs";
import { texts } from "../texts";
import { RunMenu } from "./RunMenu";
import { TabStrip } from "./TabStrip";

const words = texts.bar;

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
        <span>{texts.product}</span>
      </span>
      <TabStrip />
      <RunButton />
      <button
        type="button"
        className="button"
        aria-label={theme === "dark" ? words.light : words.dark}
        onClick={() => editor.preferences.setState({ theme: theme === "dark" ? "light" : "dark" })}
      >
        {theme === "dark" ? <Sun size={15} /> : <Moon size={15} />}
      </button>
      <button
        type="button"
        className="button"
        aria-label={words.results}
        aria-pressed={isResultsOpen}
        onClick={() => editor.ui.setState({ isResultsOpen: !isResultsOpen })}
      >
        <PanelRight size={15} />
      </button>
    </header>
  );
}

function howFar(job: Job): string {
  if (job.state === "queued") return words.queued;
  return job.progress.total > 0 ? words.progress(share(job)) : words.starting;
}

function RunButton(): JSX.Element {
  const editor = useEditor();
  const key = useTab((tab) => tab.key);
  const job = useRunningState((running) => currentJob(running, key));
  const isBusy = job !== undefined && isLive(job);
  const runHint = useHint("run");
  const cancelHint = useHint("cancel");
  return (
    <div className="run">
      {isBusy && (
        <button type="button" className="button" onClick={() => void cancelRun(editor)} title={cancelHint}>
          <Square size={12} />
          {texts.cancel}
        </button>
      )}
      <button type="button" className="button primary" onClick={() => void runWorkflow(editor)} title={runHint}>
        <Play size={14} fill="currentColor" />
        {isBusy ? howFar(job) : words.run}
      </button>
      <RunMenu />
      {isBusy && <i className="run-bar" style={{ width: `${share(job) * 100}%` }} />}
    </div>
  );
}
