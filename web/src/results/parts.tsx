/** Small parts that several views of results share. */

import { Ban, Check, CircleDashed, Clock, type LucideIcon, X } from "lucide-react";
import { type JSX, type ReactNode, useEffect, useRef, useState } from "react";
import type { FileEntry, Job } from "../api";
import { fileUrl } from "../api";
import { share } from "../running";
import { dragFile, isPicture } from "./files";

interface IconButtonProps {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly onClick: () => void;
  readonly shortcut?: string;
  readonly isPressed?: boolean;
  readonly isDisabled?: boolean;
}

export function IconButton({
  label,
  icon: Icon,
  onClick,
  shortcut,
  isPressed,
  isDisabled,
}: IconButtonProps): JSX.Element {
  return (
    <button
      type="button"
      className="button"
      aria-label={label}
      aria-pressed={isPressed}
      aria-keyshortcuts={shortcut}
      title={shortcut ? `${label} (${shortcut})` : label}
      disabled={isDisabled}
      onClick={onClick}
    >
      <Icon size={15} aria-hidden="true" />
    </button>
  );
}

const SURE_MS = 3_000;

/** A button for what cannot be undone: it asks once more, in place. */
export function SureButton({
  label,
  icon,
  question,
  onClick,
}: IconButtonProps & { readonly question: string }): JSX.Element {
  const [isAsking, setAsking] = useState(false);
  useEffect(() => {
    if (!isAsking) return;
    const timer = setTimeout(() => setAsking(false), SURE_MS);
    return () => clearTimeout(timer);
  }, [isAsking]);
  if (!isAsking) return <IconButton label={label} icon={icon} onClick={() => setAsking(true)} />;
  return (
    <button
      type="button"
      className="button sure"
      // biome-ignore lint/a11y/noAutofocus: the focused button has just turned into this one.
      autoFocus
      onBlur={() => setAsking(false)}
      onClick={() => {
        setAsking(false);
        onClick();
      }}
    >
      {question}
    </button>
  );
}

interface ThumbnailProps {
  readonly file: FileEntry;
  readonly size: 128 | 256 | 512;
  readonly onOpen: () => void;
  readonly isCurrent?: boolean;
  readonly children?: ReactNode;
}

/** A file as a small picture: opens on a click, and can be dragged onto the canvas. */
export function Thumbnail({ file, size, onOpen, isCurrent = false, children }: ThumbnailProps): JSX.Element {
  return (
    <button
      type="button"
      className="thumbnail"
      aria-current={isCurrent ? "true" : undefined}
      title={file.name}
      aria-label={`Open ${file.name}`}
      draggable
      onDragStart={(event) => dragFile(event, file)}
      onClick={onOpen}
    >
      {isPicture(file) ? (
        <img src={fileUrl(file.digest, size)} alt="" loading="lazy" decoding="async" draggable={false} />
      ) : (
        <span className="file-name">{file.name}</span>
      )}
      {children}
    </button>
  );
}

const STATES: Readonly<Record<Job["state"], readonly [icon: LucideIcon, word: string]>> = {
  queued: [Clock, "Waiting"],
  running: [CircleDashed, "Running"],
  done: [Check, "Done"],
  failed: [X, "Failed"],
  cancelled: [Ban, "Cancelled"],
};

export function JobState({ state }: Pick<Job, "state">): JSX.Element {
  const [Icon, word] = STATES[state];
  return (
    <span className="job-state" data-state={state}>
      <Icon size={13} aria-hidden="true" />
      {word}
    </span>
  );
}

/** How far a job has come. */
export function JobProgress({ job }: { readonly job: Job }): JSX.Element {
  const done = share(job);
  const isKnown = job.progress.total > 0;
  const label = isKnown ? `${job.progress.done} of ${job.progress.total}` : "Starting";
  return (
    <div className="job-progress">
      <progress aria-label="Progress" max={1} {...(isKnown ? { value: done } : {})} />
      <span>{label}</span>
    </div>
  );
}

/** A native dialog, open as long as it is shown: it holds the focus, and Escape closes it. */
export function Dialog(props: {
  readonly label: string;
  readonly className: string;
  readonly onClose: () => void;
  readonly onKeyDown?: (event: React.KeyboardEvent) => void;
  readonly children: ReactNode;
}): JSX.Element {
  const { label, className, onClose, onKeyDown, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Not its first button: the keys are the dialog's own.
    element?.focus();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      tabIndex={-1}
      className={className}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={onKeyDown}
    >
      {children}
    </dialog>
  );
}
