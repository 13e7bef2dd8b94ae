/** Small parts that several views of results share. */

import { Ban, Check, CircleDashed, Clock, type LucideIcon, X } from "lucide-react";
import { type JSX, type KeyboardEvent, type ReactNode, useEffect, useState } from "react";
import type { FileEntry, Job } from "../api";
import { fileUrl } from "../api";
import { share } from "../running";
import { texts } from "../texts";
import { useModal } from "../widgets";
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

/** One may need time to be sure, and to find the way back to the button. */
const SURE_MS = 8_000;

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
      aria-label={texts.results.open(file.name)}
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

const ICONS: Readonly<Record<Job["state"], LucideIcon>> = {
  queued: Clock,
  running: CircleDashed,
  done: Check,
  failed: X,
  cancelled: Ban,
};

export function JobState({ state }: Pick<Job, "state">): JSX.Element {
  const Icon = ICONS[state];
  return (
    <span className="job-state" data-state={state}>
      <Icon size={13} aria-hidden="true" />
      {texts.results.job.states[state]}
    </span>
  );
}

/** How far a job has come. */
export function JobProgress({ job }: { readonly job: Job }): JSX.Element {
  const done = share(job);
  const isKnown = job.progress.total > 0;
  const label = isKnown
    ? texts.results.job.progressOf(job.progress.done, job.progress.total)
    : texts.results.job.starting;
  return (
    <div className="job-progress">
      <progress aria-label={texts.results.job.progress} max={1} {...(isKnown ? { value: done } : {})} />
      <span>{label}</span>
    </div>
  );
}

/** A window over everything, without a frame of its own. */
export function Sheet(props: {
  readonly label: string;
  readonly className: string;
  readonly onClose: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly children: ReactNode;
}): JSX.Element {
  const { label, className, onClose, onKeyDown, children } = props;
  const modal = useModal(onClose);
  // The keys are the sheet's own, and not those of its first button.
  useEffect(() => modal.ref.current?.focus(), [modal.ref]);
  return (
    <dialog
      {...modal}
      tabIndex={-1}
      className={className}
      aria-label={label}
      onKeyDown={(event) => {
        onKeyDown(event);
        modal.onKeyDown(event);
      }}
    >
      {children}
    </dialog>
  );
}
