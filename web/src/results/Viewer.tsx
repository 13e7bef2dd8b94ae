/** Pictures on the whole screen: one after another, near and far, compared, and with how they were made. */

import {
  ChevronLeft,
  ChevronRight,
  Columns2,
  Download,
  Info,
  Maximize,
  SquareSplitHorizontal,
  Trash2,
  X,
  ZoomIn,
  ZoomOut,
} from "lucide-react";
import { type JSX, type KeyboardEvent, useEffect, useState } from "react";
import { downloadUrl, type FileEntry } from "../api";
import { texts } from "../texts";
import { showBytes } from "./format";
import { Metadata } from "./Metadata";
import { type CompareMode, CompareStage, PictureStage } from "./PictureStage";
import { IconButton, Sheet, SureButton, Thumbnail } from "./parts";
import { useZoom } from "./zoom";

interface ViewerProps {
  readonly files: readonly FileEntry[];
  readonly at: number;
  readonly onMove: (at: number) => void;
  readonly onClose: () => void;
  readonly onDelete?: (file: FileEntry) => void;
  /** Begins with comparing: the place of the other picture. */
  readonly compareWith?: number;
}

const words = texts.results.viewer;
const STEP = 1.4;
const PAN_PX = 60;

export function Viewer({ files, at, onMove, onClose, onDelete, compareWith }: ViewerProps): JSX.Element | null {
  const zoom = useZoom();
  const [isTelling, setTelling] = useState(false);
  const [other, setOther] = useState<number | null>(compareWith ?? null);
  const [mode, setMode] = useState<CompareMode>("slider");
  const file = files[at];
  const second = other === null ? undefined : files[other];
  const move = (by: number): void => onMove((at + by + files.length) % files.length);
  const compare = (): void => setOther(other === null ? (at + 1) % files.length : null);
  const keys = new Map<string, () => void>([
    ["ArrowLeft", () => move(-1)],
    ["ArrowRight", () => move(1)],
    ["Shift+ArrowLeft", () => zoom.pan(PAN_PX, 0)],
    ["Shift+ArrowRight", () => zoom.pan(-PAN_PX, 0)],
    ["Shift+ArrowUp", () => zoom.pan(0, PAN_PX)],
    ["Shift+ArrowDown", () => zoom.pan(0, -PAN_PX)],
    ["+", () => zoom.by(STEP)],
    ["=", () => zoom.by(STEP)],
    ["-", () => zoom.by(1 / STEP)],
    ["0", zoom.fit],
    ["i", () => setTelling(!isTelling)],
    ["c", compare],
  ]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const isArrow = event.key.startsWith("Arrow");
    const act = keys.get(event.shiftKey && isArrow ? `Shift+${event.key}` : event.key);
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };
  if (!file) return null;
  return (
    <Sheet label={words.label(file.name)} className="viewer" onClose={onClose} onKeyDown={onKeyDown}>
      <header className="viewer-head">
        <div className="viewer-title">
          <strong>{file.name}</strong>
          <span>{describe(file)}</span>
        </div>
        {second && (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; these are tools.
          <div className="switcher" role="group" aria-label={words.compare}>
            <IconButton
              label={words.over}
              icon={SquareSplitHorizontal}
              isPressed={mode === "slider"}
              onClick={() => setMode("slider")}
            />
            <IconButton
              label={words.beside}
              icon={Columns2}
              isPressed={mode === "beside"}
              onClick={() => setMode("beside")}
            />
          </div>
        )}
        {files.length > 1 && (
          <button
            type="button"
            className="button"
            aria-pressed={second !== undefined}
            title={`${words.compare} (C)`}
            onClick={compare}
          >
            <SquareSplitHorizontal size={15} aria-hidden="true" />
            {words.compare}
          </button>
        )}
        <IconButton label={words.zoomOut} shortcut="-" icon={ZoomOut} onClick={() => zoom.by(1 / STEP)} />
        <span className="scale">{Math.round(zoom.transform.k * 100)} %</span>
        <IconButton label={words.zoomIn} shortcut="+" icon={ZoomIn} onClick={() => zoom.by(STEP)} />
        <IconButton label={words.fit} shortcut="0" icon={Maximize} onClick={zoom.fit} />
        <IconButton
          label={words.howMade}
          shortcut="I"
          icon={Info}
          isPressed={isTelling}
          onClick={() => setTelling(!isTelling)}
        />
        <a
          className="button"
          href={downloadUrl(file)}
          download={file.name}
          aria-label={words.download}
          title={words.download}
        >
          <Download size={15} aria-hidden="true" />
        </a>
        {onDelete && (
          <SureButton
            key={file.digest}
            label={words.remove}
            icon={Trash2}
            question={words.removeSure}
            onClick={() => onDelete(file)}
          />
        )}
        <IconButton label={words.close} shortcut="Escape" icon={X} onClick={onClose} />
      </header>
      <div className="viewer-body">
        {files.length > 1 && (
          <IconButton label={words.previous} shortcut="ArrowLeft" icon={ChevronLeft} onClick={() => move(-1)} />
        )}
        {second ? (
          <CompareStage before={file} after={second} mode={mode} zoom={zoom} />
        ) : (
          <PictureStage file={file} zoom={zoom} />
        )}
        {files.length > 1 && (
          <IconButton label={words.next} shortcut="ArrowRight" icon={ChevronRight} onClick={() => move(1)} />
        )}
        {isTelling && <Metadata file={file} onDone={onClose} />}
      </div>
      {files.length > 1 && <Strip files={files} at={at} other={other} onChoose={other === null ? onMove : setOther} />}
    </Sheet>
  );
}

function describe({ width, height, bytes }: FileEntry): string {
  return [width && height ? `${width} × ${height}` : "", showBytes(bytes)].filter(Boolean).join(" · ");
}

/** How many pictures the strip holds on each side of the one that is shown. */
const STRIP_HALF = 20;

interface StripProps {
  readonly files: readonly FileEntry[];
  readonly at: number;
  readonly other: number | null;
  readonly onChoose: (at: number) => void;
}

function Strip({ files, at, other, onChoose }: StripProps): JSX.Element {
  const chosen = other ?? at;
  const first = Math.max(0, chosen - STRIP_HALF);
  useEffect(() => {
    document
      .querySelector(`.viewer-strip [data-at="${chosen}"]`)
      ?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [chosen]);
  return (
    <nav className="viewer-strip" aria-label={other === null ? words.pictures : words.compareWith}>
      {files.slice(first, chosen + STRIP_HALF + 1).map((file, i) => (
        <span key={`${file.kind} ${file.digest}`} data-at={first + i} data-first={other !== null && first + i === at}>
          <Thumbnail file={file} size={128} isCurrent={first + i === chosen} onOpen={() => onChoose(first + i)} />
        </span>
      ))}
    </nav>
  );
}
