/** The jobs: what waits and runs, in the order of the queue, and what has ended. */

import { ArrowUp, ChevronsUp, Minus, Pause, Play, Plus, RotateCcw, Search, Trash2, X } from "lucide-react";
import { type JSX, memo, useDeferredValue, useEffect, useMemo, useState } from "react";
import { ApiError, type Job } from "../api";
import { inLine, isLive, useJob, useRunning, useRunningService } from "../running";
import { texts } from "../texts";
import { useDesk } from "./desk";
import { filesOf } from "./files";
import { showAge, showDuration, showTime, showValue } from "./format";
import { JobFault } from "./JobFault";
import { IconButton, JobProgress, JobState, SureButton, Thumbnail } from "./parts";
import { Viewer } from "./viewing";

interface HistoryProps {
  /** Shows a job's results; without it, jobs cannot be opened. */
  readonly onOpen?: (job: Job) => void;
}

const words = texts.results.jobs;
const PAGE = 50;

export function History({ onOpen }: HistoryProps): JSX.Element {
  const desk = useDesk();
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed.trim());
  const [error, setError] = useState("");
  const history = useHistory(q, setError);
  const jobs = useRunning((state) => state.jobs);
  const line = useMemo(() => inLine(Object.values(jobs)), [jobs]);
  const ended = useMemo(() => endedOf(jobs, history.ids, q), [jobs, history.ids, q]);

  const attempt = (action: Promise<unknown>): void => {
    setError("");
    action.catch((failure: unknown) => {
      if (!(failure instanceof ApiError)) throw failure;
      setError(failure.message);
      desk?.tell(failure.message);
    });
  };
  return (
    <section className="history" aria-label={words.panel}>
      <QueueBar waiting={line.filter(({ state }) => state === "queued").length} attempt={attempt} />
      <label className="search">
        <Search size={14} aria-hidden="true" />
        <input
          type="search"
          className="field"
          placeholder={words.searchHint}
          aria-label={words.search}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      {error && <p className="told-bad">{error}</p>}
      {line.length > 0 && q === "" && (
        <ol className="job-list" aria-label={words.queue}>
          {line.map((job, at) => (
            <JobRow
              key={job.id}
              id={job.id}
              above={line[at - 1]?.state === "queued" ? line[at - 1] : undefined}
              attempt={attempt}
              onOpen={onOpen}
            />
          ))}
        </ol>
      )}
      <ol className="job-list" aria-label={words.ended}>
        {ended.map((id) => (
          <JobRow key={id} id={id} above={undefined} attempt={attempt} onOpen={onOpen} />
        ))}
      </ol>
      {ended.length === 0 && line.length === 0 && history.isRead && (
        <p className="nothing">{q === "" ? words.none : words.noneFits}</p>
      )}
      {history.next !== null && (
        <button type="button" className="button more" onClick={() => attempt(history.readMore())}>
          {words.older}
        </button>
      )}
    </section>
  );
}

interface Read {
  readonly ids: readonly string[];
  readonly next: string | null;
  readonly isRead: boolean;
}

function useHistory(q: string, onError: (message: string) => void): Read & { readonly readMore: () => Promise<void> } {
  const service = useRunningService();
  const [read, setRead] = useState<Read>({ ids: [], next: null, isRead: false });
  useEffect(() => {
    let isCurrent = true;
    service.find({ q, limit: PAGE }).then(
      (found) => isCurrent && setRead({ ...found, isRead: true }),
      (failure) => isCurrent && onError(failure instanceof ApiError ? failure.message : String(failure)),
    );
    return () => {
      isCurrent = false;
    };
  }, [service, q, onError]);
  const readMore = async (): Promise<void> => {
    const more = await service.find({ q, limit: PAGE, ...(read.next ? { before: read.next } : {}) });
    // Of no use to another search that was begun meanwhile.
    setRead((now) => (now === read ? { ids: [...read.ids, ...more.ids], next: more.next, isRead: true } : now));
  };
  return { ...read, readMore };
}

/** Ended jobs, newest first: those that were found, and without a search also those that ended since. */
function endedOf(jobs: { readonly [id: string]: Job }, found: readonly string[], q: string): string[] {
  const ids = q === "" ? new Set([...found, ...Object.keys(jobs)]) : new Set(found);
  return [...ids]
    .flatMap((id) => jobs[id] ?? [])
    .filter((job) => !isLive(job))
    .sort((a, b) => b.created - a.created || b.order - a.order)
    .map(({ id }) => id);
}

type Attempt = (action: Promise<unknown>) => void;

function QueueBar({ waiting, attempt }: { readonly waiting: number; readonly attempt: Attempt }): JSX.Element {
  const service = useRunningService();
  const isPaused = useRunning(({ queue }) => queue.paused);
  return (
    <div className="queue-bar" data-paused={isPaused}>
      <span aria-live="polite">
        {isPaused ? words.paused : words.queue}
        {waiting > 0 && <b>{waiting}</b>}
      </span>
      <button
        type="button"
        className="button"
        aria-pressed={isPaused}
        title={isPaused ? words.goOnHint : words.pauseHint}
        onClick={() => attempt(service.pause(!isPaused))}
      >
        {isPaused ? <Play size={14} aria-hidden="true" /> : <Pause size={14} aria-hidden="true" />}
        {isPaused ? words.goOn : words.pause}
      </button>
    </div>
  );
}

interface RowProps {
  readonly id: string;
  /** The queued job in front of it. */
  readonly above: Job | undefined;
  readonly attempt: Attempt;
  readonly onOpen: ((job: Job) => void) | undefined;
}

const JobRow = memo(function JobRow({ id, above, attempt, onOpen }: RowProps): JSX.Element | null {
  const job = useJob(id);
  const [shown, setShown] = useState<number | null>(null);
  if (!job) return null;
  const files = filesOf(job);
  return (
    <li className="job" data-state={job.state}>
      <div className="job-head">
        <JobState state={job.state} />
        {onOpen ? (
          <button type="button" className="job-title" title={texts.results.job.show} onClick={() => onOpen(job)}>
            {job.title || texts.results.untitled}
          </button>
        ) : (
          <span className="job-title">{job.title || texts.results.untitled}</span>
        )}
        <JobTime job={job} />
        <JobActions job={job} above={above} attempt={attempt} />
      </div>
      <Gist job={job} />
      {job.state === "running" && <JobProgress job={job} />}
      {job.error && <JobFault error={job.error} />}
      {files.length > 0 && (
        <div className="job-files">
          {files.slice(0, 8).map((file, at) => (
            <Thumbnail key={`${file.digest} ${file.name}`} file={file} size={128} onOpen={() => setShown(at)} />
          ))}
        </div>
      )}
      {shown !== null && <Viewer files={files} at={shown} onMove={setShown} onClose={() => setShown(null)} />}
    </li>
  );
});

/** What it was given, in one line. */
function Gist({ job: { inputs } }: { readonly job: Job }): JSX.Element | null {
  const parts = Object.entries(inputs).map(([name, value]) =>
    typeof value === "string" ? showValue(value) : `${name.replaceAll("_", " ")} ${showValue(value)}`,
  );
  const gist = parts.filter((part) => part !== "").join(" · ");
  return gist === "" ? null : (
    <span className="job-gist" title={gist}>
      {gist}
    </span>
  );
}

function JobTime({ job }: { readonly job: Job }): JSX.Element {
  const took = job.started && job.finished ? showDuration(job.finished - job.started) : "";
  return (
    <span className="job-time" title={showTime(job.created)}>
      {[took, job.attempts > 1 ? texts.results.job.attempts(job.attempts) : "", showAge(job.created, Date.now() / 1000)]
        .filter(Boolean)
        .join(" · ")}
    </span>
  );
}

function JobActions({ job, above, attempt }: Omit<RowProps, "id" | "onOpen"> & { readonly job: Job }): JSX.Element {
  const service = useRunningService();
  const { id, state, priority } = job;
  return (
    <span className="job-actions">
      {state === "queued" && (
        <>
          <span className="priority" title={words.priorityHint}>
            <IconButton
              label={words.lower}
              icon={Minus}
              onClick={() => attempt(service.move(id, { priority: priority - 1 }))}
            />
            <output aria-label={words.priority(priority)}>{priority}</output>
            <IconButton
              label={words.higher}
              icon={Plus}
              onClick={() => attempt(service.move(id, { priority: priority + 1 }))}
            />
          </span>
          <IconButton
            label={words.earlier}
            icon={ArrowUp}
            isDisabled={!above}
            onClick={() => above && attempt(service.move(id, { before: above.id }))}
          />
          <IconButton
            label={words.next}
            icon={ChevronsUp}
            isDisabled={!above}
            onClick={() => attempt(toFront(service, id))}
          />
        </>
      )}
      {isLive(job) && (
        <IconButton label={texts.results.job.cancel} icon={X} onClick={() => attempt(service.cancel(id))} />
      )}
      {(state === "failed" || state === "cancelled") && (
        <IconButton label={texts.results.job.retry} icon={RotateCcw} onClick={() => attempt(service.retry(id))} />
      )}
      {!isLive(job) && (
        <SureButton
          label={texts.results.job.remove}
          icon={Trash2}
          question={texts.results.job.removeSure}
          onClick={() => attempt(service.remove(id))}
        />
      )}
    </span>
  );
}

function toFront(service: ReturnType<typeof useRunningService>, id: string): Promise<void> {
  const first = inLine(Object.values(service.store.getState().jobs)).find(({ state }) => state === "queued");
  return first && first.id !== id ? service.move(id, { before: first.id }) : Promise.resolve();
}
