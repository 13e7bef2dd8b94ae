/** The result of a form: live while it runs, large when it is done. */

import { ArrowLeft, CornerUpLeft, Download, Expand, ImageIcon } from "lucide-react";
import { type JSX, useState } from "react";
import { api, downloadUrl, type FileEntry, fileUrl, type Job } from "../api";
import type { Literal, Named } from "../document";
import {
  filesOf,
  IconButton,
  JobFault,
  JobProgress,
  JobState,
  LivePicture,
  showDuration,
  showValue,
  Thumbnail,
  Viewer,
} from "../results";
import { isLive, useRunning } from "../running";
import { texts } from "../texts";

const words = texts.form.result;

interface FormResultProps {
  readonly job: Job | undefined;
  /** All of its request: several of a sweep. */
  readonly jobs: readonly string[];
  /** It was chosen from the earlier ones. */
  readonly isEarlier: boolean;
  readonly onBack: () => void;
  /** Fills the form with what a job was given. */
  readonly onUse: (inputs: Named<Literal>) => void;
}

export function FormResult({ job, jobs, isEarlier, onBack, onUse }: FormResultProps): JSX.Element {
  const known = useRunning((state) => state.jobs);
  const [shown, setShown] = useState<FileEntry | null>(null);
  if (!job) return <Empty />;
  const all = jobs.flatMap((id) => known[id] ?? []);
  const files = all.flatMap(filesOf);
  const isSweep = all.length > 1;
  // Found by what it is: others come before it while a sweep runs.
  const at = shown ? files.findIndex(({ digest, name }) => digest === shown.digest && name === shown.name) : -1;
  return (
    <section className="form-made" aria-label={words.panel} aria-live="polite" aria-busy={isLive(job)}>
      <div className="made-stage">
        {isSweep ? <SweepGrid jobs={all} onOpen={setShown} /> : <Single job={job} onOpen={setShown} />}
      </div>
      <div className="made-bar">
        {isEarlier && <IconButton label={words.back} icon={ArrowLeft} onClick={onBack} />}
        <JobState state={job.state} />
        {isLive(job) && <JobProgress job={job} />}
        {job.started && job.finished && !isSweep && (
          <span className="muted">{showDuration(job.finished - job.started)}</span>
        )}
        <span className="filler" />
        {job.state === "done" && (
          <button
            type="button"
            className="button"
            title={words.useInputsHint}
            onClick={() => void api.jobRecord(job.id).then(({ inputs }) => onUse(inputs))}
          >
            <CornerUpLeft size={14} aria-hidden="true" />
            {words.useInputs}
          </button>
        )}
        {files[0] && <IconButton label={words.fullScreen} icon={Expand} onClick={() => setShown(files[0] ?? null)} />}
        {files[0] && !isSweep && (
          <a
            className="button"
            href={downloadUrl(files[0])}
            download={files[0].name}
            aria-label={words.download}
            title={words.download}
          >
            <Download size={15} aria-hidden="true" />
          </a>
        )}
      </div>
      {at >= 0 && (
        <Viewer files={files} at={at} onMove={(next) => setShown(files[next] ?? null)} onClose={() => setShown(null)} />
      )}
    </section>
  );
}

function Empty(): JSX.Element {
  return (
    <section className="form-made" aria-label={words.panel}>
      <div className="made-stage made-empty">
        <ImageIcon size={34} strokeWidth={1.25} aria-hidden="true" />
        <p>{words.empty}</p>
      </div>
    </section>
  );
}

type Open = (file: FileEntry) => void;

function Single({ job, onOpen }: { readonly job: Job; readonly onOpen: Open }): JSX.Element {
  const [file, ...more] = filesOf(job);
  if (isLive(job)) return <LivePicture id={job.id} title={job.title} />;
  if (job.error) return <JobFault error={job.error} />;
  if (file && more.length === 0) {
    return (
      <button type="button" className="made-picture" aria-label={words.open} onClick={() => onOpen(file)}>
        <img src={fileUrl(file.digest)} alt={words.of(job.title)} />
      </button>
    );
  }
  return <SweepGrid jobs={[job]} onOpen={onOpen} />;
}

interface SweepGridProps {
  readonly jobs: readonly Job[];
  readonly onOpen: Open;
}

function SweepGrid({ jobs, onOpen }: SweepGridProps): JSX.Element {
  return (
    <ul className="made-grid">
      {jobs.map((job) => (
        <li key={job.id}>
          {isLive(job) && <LivePicture id={job.id} title={job.title} />}
          {job.error && <JobFault error={job.error} />}
          {filesOf(job).map((file) => (
            <Thumbnail key={`${file.digest} ${file.name}`} file={file} size={512} onOpen={() => onOpen(file)} />
          ))}
          {jobs.length > 1 && <span className="caption">{varied(job, jobs)}</span>}
        </li>
      ))}
    </ul>
  );
}

/** The inputs in which a job differs from the others of its sweep. */
function varied({ inputs }: Job, jobs: readonly Job[]): string {
  return Object.entries(inputs)
    .filter(([name, value]) => jobs.some((other) => showValue(other.inputs[name]) !== showValue(value)))
    .map(([name, value]) => `${name.replaceAll("_", " ")} ${showValue(value)}`)
    .join(", ");
}
