/** The results of what was last run: live while it runs, then its pictures, or why there are none. */

import { Film, RotateCcw, X } from "lucide-react";
import { type JSX, useState } from "react";
import { ApiError, type FileEntry, type Job } from "../api";
import { currentJob, isLive, requested, useJob, useRunning, useRunningService } from "../running";
import { texts } from "../texts";
import { useDesk } from "./desk";
import { filesOf } from "./files";
import { showDuration, showValue } from "./format";
import { JobFault } from "./JobFault";
import { IconButton, JobProgress, JobState, Thumbnail } from "./parts";
import { Viewer } from "./viewing";

const words = texts.results;

interface ResultsProps {
  /** Whose results: the key of an open workflow, the name of a form. */
  readonly owner: string;
  /** Opens the step slider for a job. */
  readonly onSteps?: (job: string) => void;
}

export function ResultsPanel({ owner, onSteps }: ResultsProps): JSX.Element {
  const ids = useRunning((state) => requested(state, owner));
  const current = useRunning((state) => currentJob(state, owner));
  const all = useFiles(ids);
  const [shown, setShown] = useState<FileEntry | null>(null);
  const at = shown ? all.findIndex(({ digest, name }) => digest === shown.digest && name === shown.name) : -1;
  if (!current) {
    return (
      <section className="results-panel" aria-label={words.panel}>
        <p className="nothing">{words.noneYet}</p>
      </section>
    );
  }
  return (
    <section className="results-panel" aria-label={words.panel}>
      {ids.map((id) => (
        <JobResults key={id} id={id} isOne={ids.length === 1} onOpen={setShown} onSteps={onSteps} />
      ))}
      {at >= 0 && (
        <Viewer files={all} at={at} onMove={(next) => setShown(all[next] ?? null)} onClose={() => setShown(null)} />
      )}
    </section>
  );
}

function useFiles(ids: readonly string[]): readonly FileEntry[] {
  const jobs = useRunning((state) => state.jobs);
  return ids.flatMap((id) => (jobs[id] ? filesOf(jobs[id]) : []));
}

interface JobResultsProps {
  readonly id: string;
  readonly isOne: boolean;
  readonly onOpen: (file: FileEntry) => void;
  readonly onSteps: ((job: string) => void) | undefined;
}

function JobResults({ id, isOne, onOpen, onSteps }: JobResultsProps): JSX.Element | null {
  const job = useJob(id);
  if (!job) return null;
  const files = filesOf(job);
  return (
    <article className="result" data-state={job.state}>
      <header className="job-head">
        <JobState state={job.state} />
        <span className="job-title">{isOne ? job.title || words.untitled : swept(job)}</span>
        {job.started && job.finished && <span className="job-time">{showDuration(job.finished - job.started)}</span>}
        <ResultActions job={job} onSteps={onSteps} />
      </header>
      {job.state === "running" && <JobProgress job={job} />}
      {isLive(job) && <LivePicture id={id} title={job.title} />}
      {job.error && <JobFault error={job.error} />}
      {Object.entries(job.outputs).map(([name, made]) => (
        <div key={name} className="output" data-single={files.length === 1}>
          {Object.keys(job.outputs).length > 1 && <h3>{name.replaceAll("_", " ")}</h3>}
          <div className="output-files">
            {made.map((file) => (
              <Thumbnail key={`${file.digest} ${file.name}`} file={file} size={512} onOpen={() => onOpen(file)} />
            ))}
          </div>
        </div>
      ))}
    </article>
  );
}

/** What makes a job of a sweep different from the others. */
function swept({ inputs }: Job): string {
  return Object.entries(inputs)
    .map(([name, value]) => `${name} ${showValue(value)}`)
    .join(", ");
}

function ResultActions({
  job,
  onSteps,
}: {
  readonly job: Job;
  readonly onSteps: JobResultsProps["onSteps"];
}): JSX.Element {
  const service = useRunningService();
  const desk = useDesk();
  const attempt = (action: Promise<void>): void => {
    action.catch((failure: unknown) => {
      if (!(failure instanceof ApiError)) throw failure;
      desk?.tell(failure.message);
    });
  };
  return (
    <span className="job-actions">
      {onSteps && job.state !== "queued" && (
        <button type="button" className="button" title={words.stepsHint} onClick={() => onSteps(job.id)}>
          <Film size={14} aria-hidden="true" />
          {words.steps}
        </button>
      )}
      {isLive(job) && <IconButton label={words.job.cancel} icon={X} onClick={() => attempt(service.cancel(job.id))} />}
      {(job.state === "failed" || job.state === "cancelled") && (
        <IconButton label={words.job.retry} icon={RotateCcw} onClick={() => attempt(service.retry(job.id))} />
      )}
    </span>
  );
}

/** What a running job is at. */
export function LivePicture({ id, title }: { readonly id: string; readonly title: string }): JSX.Element {
  const preview = useRunning(({ runs }) => runs[id]?.preview);
  return (
    <div className="live-picture">
      {preview ? (
        <img src={preview.url} alt={words.livePicture(title)} />
      ) : (
        <span className="live-empty" aria-hidden="true" />
      )}
    </div>
  );
}
