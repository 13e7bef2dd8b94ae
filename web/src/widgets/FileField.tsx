import { Brush, Crop, ImageUp } from "lucide-react";
import { type ClipboardEvent, type DragEvent, type JSX, type ReactNode, useEffect, useRef, useState } from "react";
import { ApiError, fileUrl } from "../api";
import { texts } from "../texts";
import { useFileName, useWidgets } from "./environment";
import { ariaOf, type FieldProps } from "./field";
import { later } from "./later";
import { dropped, isStored } from "./pictures";

const CropDialog = later(async () => (await import("./CropDialog")).CropDialog);
const MaskDialog = later(async () => (await import("./MaskDialog")).MaskDialog);

interface FileFieldProps extends FieldProps {
  readonly kind: "image" | "mask" | "file";
  /** The picture that a mask is painted over. */
  readonly backdrop: (() => string | undefined) | undefined;
}

type Open = "crop" | "mask" | "";

/** A picture or another file: chosen, dropped or pasted, sent to the server, and named by its content. */
export function FileField(props: FileFieldProps): JSX.Element {
  const { label, value, onChange, onEnd, isCompact, isDisabled, kind, backdrop } = props;
  const { upload } = useWidgets();
  const name = useFileName(value);
  const chooser = useRef<HTMLInputElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [isOver, setOver] = useState(false);
  const [open, setOpen] = useState<Open>("");
  const [error, setError] = useState("");
  const isThere = useIsThere();
  const isPicture = kind !== "file";
  const stored = isStored(value) ? value : undefined;

  const put = (next: string): void => {
    onChange(next);
    onEnd();
  };
  const take = async (given: File | string | undefined): Promise<void> => {
    if (!given || isDisabled) return;
    setError("");
    if (typeof given === "string") return put(given);
    setBusy(true);
    try {
      put((await upload(given)).value);
    } catch (problem) {
      if (isThere.current) setError(problem instanceof ApiError ? problem.message : texts.file.wrong);
    } finally {
      if (isThere.current) setBusy(false);
    }
  };
  const drops = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      event.stopPropagation();
      setOver(false);
      void take(dropped(event.dataTransfer));
    },
    onPaste: (event: ClipboardEvent) => {
      const file = event.clipboardData.files[0];
      if (!file) return;
      event.preventDefault();
      event.stopPropagation();
      void take(file);
    },
  };
  const shown = isBusy ? texts.file.sending : (name ?? nameOf(value));
  const invite = isPicture ? texts.file.drop : texts.file.choose;
  return (
    <div className="w-file nodrag" data-over={isOver} data-full={stored !== undefined} {...drops}>
      {isCompact && <span className="w-name">{label}</span>}
      <button
        type="button"
        className="w-box w-file-value"
        {...ariaOf(props)}
        aria-label={`${label}: ${shown || invite}`}
        title={shown || invite}
        disabled={isDisabled || isBusy}
        onClick={() => chooser.current?.click()}
      >
        {stored && isPicture ? (
          <Thumbnail value={stored} isSmall={isCompact} />
        ) : (
          <ImageUp size={isCompact ? 13 : 20} />
        )}
        <span className="w-value">{shown || (isCompact ? texts.file.choose : invite)}</span>
      </button>
      <span className="w-tools">
        {isPicture && stored && kind === "image" && (
          <Tool label={texts.file.crop} isCompact={isCompact} isDisabled={isDisabled} onClick={() => setOpen("crop")}>
            <Crop size={13} />
          </Tool>
        )}
        {kind === "mask" && (
          <Tool label={texts.file.paint} isCompact={isCompact} isDisabled={isDisabled} onClick={() => setOpen("mask")}>
            <Brush size={13} />
          </Tool>
        )}
      </span>
      <input
        ref={chooser}
        type="file"
        accept={isPicture ? "image/*" : undefined}
        hidden
        onChange={(event) => {
          void take(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      {error && (
        <span className="w-error" role="alert">
          {error}
        </span>
      )}
      {open === "crop" && stored && <CropDialog value={stored} onDone={take} onClose={() => setOpen("")} />}
      {open === "mask" && (
        <MaskDialog value={stored} backdrop={backdrop?.()} onDone={take} onClose={() => setOpen("")} />
      )}
    </div>
  );
}

function Thumbnail({ value, isSmall }: { readonly value: string; readonly isSmall: boolean }): JSX.Element {
  return <img className="w-thumbnail" src={fileUrl(value, isSmall ? 128 : 512)} alt="" draggable={false} />;
}

interface ToolProps {
  readonly label: string;
  readonly isCompact: boolean;
  readonly isDisabled: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Tool({ label, isCompact, isDisabled, onClick, children }: ToolProps): JSX.Element {
  return (
    <button type="button" className="w-button" aria-label={label} title={label} disabled={isDisabled} onClick={onClick}>
      {children}
      {!isCompact && label}
    </button>
  );
}

/** `sha256:3f2a…` is what people can tell apart; paths of example workflows are shown by their last part. */
function nameOf(value: unknown): string {
  if (typeof value !== "string") return "";
  return value.startsWith("sha256:") ? `${value.slice(7, 15)}…` : (value.split("/").at(-1) ?? "");
}

function useIsThere(): { readonly current: boolean } {
  const isThere = useRef(true);
  useEffect(() => {
    isThere.current = true;
    return () => {
      isThere.current = false;
    };
  }, []);
  return isThere;
}
