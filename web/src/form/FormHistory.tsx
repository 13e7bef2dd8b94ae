/** What was made with a form before, as a strip of pictures. */

import { type JSX, useEffect } from "react";
import { fileUrl, type Job } from "../api";
import { filesOf, showAge } from "../results";
import { useRunning, useRunningService } from "../running";
import { texts } from "../texts";

interface FormHistoryProps {
  /** Of the form's jobs. */
  readonly title: string;
  readonly current: string | undefined;
  readonly onOpen: (job: Job) => void;
}

const SHOWN = 40;

export function FormHistory({ title, current, onOpen }: FormHistoryProps): JSX.Element | null {
  const service = useRunningService();
  const jobs = useRunning((state) => state.jobs);
  useEffect(() => {
    // A server that cannot be reached is told of where one runs something.
    service.find({ q: title, state: "done", limit: SHOWN }).catch(() => undefined);
  }, [service, title]);
  const made = Object.values(jobs)
    .filter((job) => job.title === title && job.state === "done" && filesOf(job).length > 0)
    .sort((a, b) => b.created - a.created)
    .slice(0, SHOWN);
  if (made.length === 0) return null;
  const now = Date.now() / 1000;
  return (
    <nav className="form-history" aria-label={texts.form.before.panel}>
      <h2>{texts.form.before.panel}</h2>
      <ul>
        {made.map((job) => (
          <li key={job.id}>
            <button
              type="button"
              className="thumbnail"
              aria-label={texts.form.before.one(showAge(job.created, now))}
              aria-current={job.id === current ? "true" : undefined}
              title={showAge(job.created, now)}
              onClick={() => onOpen(job)}
            >
              {filesOf(job)
                .slice(0, 1)
                .map(({ digest }) => (
                  <img key={digest} src={fileUrl(digest, 128)} alt="" loading="lazy" />
                ))}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
