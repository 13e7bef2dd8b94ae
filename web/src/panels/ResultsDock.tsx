import { Download } from "lucide-react";
import type { JSX } from "react";
import { downloadUrl, fileUrl } from "../api";
import { currentJob } from "../running";
import { useRun, useRunningState, useTab } from "../state/editor";

/** What the newest run of the open workflow has made, and its live picture until then. */
export function ResultsDock(): JSX.Element {
  const key = useTab((tab) => tab.key);
  const job = useRunningState((running) => currentJob(running, key));
  const preview = useRun((run) => run.preview?.url);
  const files = Object.entries(job?.outputs ?? {}).flatMap(([name, found]) => found.map((file) => ({ name, file })));
  return (
    <div className="results">
      {job?.state === "failed" && (
        <p className="job-error">
          {job.error?.node && <strong>{job.error.node}: </strong>}
          {job.error?.message}
        </p>
      )}
      {files.map(({ name, file }) =>
        file.media_type.startsWith("image/") ? (
          <figure key={name + file.digest}>
            <img src={fileUrl(file.digest)} alt={`Output ${name}`} draggable={false} />
            <figcaption>
              {name}
              <small className="muted">{file.width && `${file.width} × ${file.height}`}</small>
              <a className="button" href={downloadUrl(file)} download={file.name} aria-label={`Download ${name}`}>
                <Download size={13} />
              </a>
            </figcaption>
          </figure>
        ) : (
          <a key={name + file.digest} href={downloadUrl(file)} download={file.name}>
            {file.name}
          </a>
        ),
      )}
      {files.length === 0 && preview && (
        <figure>
          <img src={preview} alt="So far" draggable={false} className="live" />
          <figcaption>so far</figcaption>
        </figure>
      )}
      {files.length === 0 && !preview && job?.state !== "failed" && (
        <p className="muted">{job ? "Nothing yet." : "Press Run. What the workflow makes is shown here."}</p>
      )}
    </div>
  );
}
