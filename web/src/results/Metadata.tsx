/** How a picture was made: its inputs, the job, the versions, and the way back to its workflow. */

import { Workflow as WorkflowIcon } from "lucide-react";
import { type JSX, useEffect, useState } from "react";
import { ApiError, type FileEntry } from "../api";
import { useJob } from "../running";
import { texts } from "../texts";
import { filledIn, useDesk } from "./desk";
import { showBytes, showDuration, showTime, showValue } from "./format";
import { type PictureRecord, recordOf } from "./record";

const words = texts.results.record;

type Reading =
  | { readonly state: "reading" }
  | { readonly state: "read"; readonly record: PictureRecord | undefined }
  | { readonly state: "failed"; readonly message: string };

export function useRecord(file: FileEntry): Reading {
  const [reading, setReading] = useState<Reading>({ state: "reading" });
  useEffect(() => {
    let isCurrent = true;
    const settle = (next: Reading): void => {
      if (isCurrent) setReading(next);
    };
    settle({ state: "reading" });
    recordOf(file).then(
      (record) => settle({ state: "read", record }),
      (error) => settle({ state: "failed", message: error instanceof ApiError ? error.message : String(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [file]);
  return reading;
}

interface MetadataProps {
  readonly file: FileEntry;
  /** The user has gone back to the workflow. */
  readonly onDone: () => void;
}

export function Metadata({ file, onDone }: MetadataProps): JSX.Element {
  const reading = useRecord(file);
  const desk = useDesk();
  const record = reading.state === "read" ? reading.record : undefined;
  return (
    <aside className="metadata" aria-label={texts.results.viewer.howMade}>
      {reading.state === "reading" && <p className="muted">{texts.results.reading}</p>}
      {reading.state === "failed" && <p className="told-bad">{reading.message}</p>}
      {reading.state === "read" && !record && <p className="muted">{words.none}</p>}
      {record && (
        <>
          {desk && (
            <button
              type="button"
              className="button primary"
              onClick={() => {
                desk.openWorkflow(filledIn(record), record.workflow.title || file.name);
                onDone();
              }}
            >
              <WorkflowIcon size={15} aria-hidden="true" />
              {words.openWorkflow}
            </button>
          )}
          <Section title={record.workflow.title || words.workflow} facts={Object.entries(record.inputs).map(shown)} />
        </>
      )}
      <FileFacts file={file} />
      {record && <Section title={words.madeWith} facts={madeWith(record)} />}
    </aside>
  );
}

type Fact = readonly [name: string, value: string];

function shown([name, value]: readonly [string, unknown]): Fact {
  return [name.replaceAll("_", " "), showValue(value)];
}

function madeWith({ device, dtype, models, versions }: PictureRecord): Fact[] {
  const machine: Fact[] = [
    [words.facts.device, device],
    [words.facts.numbers, dtype],
  ];
  const digests = Object.entries(models).map(([name, digest]): Fact => [name, digest.slice(0, 12)]);
  return [...machine.filter(([, value]) => value !== ""), ...Object.entries(versions), ...digests];
}

function FileFacts({ file }: { readonly file: FileEntry }): JSX.Element {
  const job = useJob(file.job ?? "");
  const facts: Fact[] = [
    [words.facts.name, file.name],
    [words.facts.type, file.media_type],
    [
      words.facts.size,
      [file.width && file.height ? `${file.width} × ${file.height}` : "", showBytes(file.bytes)]
        .filter(Boolean)
        .join(", "),
    ],
    [words.facts.made, showTime(file.created)],
  ];
  if (job?.started && job.finished) facts.push([words.facts.took, showDuration(job.finished - job.started)]);
  return <Section title={words.file} facts={facts} />;
}

function Section({ title, facts }: { readonly title: string; readonly facts: readonly Fact[] }): JSX.Element | null {
  if (facts.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
