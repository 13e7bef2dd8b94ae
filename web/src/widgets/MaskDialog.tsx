import { Brush, Contrast, Eraser, PaintBucket, Redo2, Trash2, Undo2 } from "lucide-react";
import { type JSX, type KeyboardEvent, type ReactNode, useEffect, useReducer, useState } from "react";
import { fileUrl } from "../api";
import { texts } from "../texts";
import { Dialog } from "./Dialog";
import { MaskCanvas } from "./MaskCanvas";
import { asPng, canvasOf, drawMask, loadPicture } from "./pictures";
import { type Deed, EMPTY_PAINTING, type Painting, paint, redoStroke, undoStroke, withStroke } from "./strokes";

interface MaskDialogProps {
  /** The mask so far. */
  readonly value: string | undefined;
  /** The picture that is painted over: the mask gets its size. */
  readonly backdrop: string | undefined;
  readonly onDone: (file: File) => Promise<void>;
  readonly onClose: () => void;
}

export interface BrushState {
  readonly size_px: number;
  readonly feather: number;
  readonly isErasing: boolean;
}

const PLAIN = { width: 512, height: 512 };

type Act = Deed | "undo" | "redo";

function act(painting: Painting, deed: Act): Painting {
  if (deed === "undo") return undoStroke(painting);
  return deed === "redo" ? redoStroke(painting) : withStroke(painting, deed);
}

/** Paints a mask with a brush; it is sent as a grey picture, white where it was painted. */
export function MaskDialog({ value, backdrop, onDone, onClose }: MaskDialogProps): JSX.Element {
  const { size, base, error, setSize } = useSheet(value, backdrop);
  const [painting, dispatch] = useReducer(act, EMPTY_PAINTING);
  const [brush, setBrush] = useState<BrushState>({ size_px: 48, feather: 0.3, isErasing: false });
  const [isLeaving, setLeaving] = useState(false);
  const leave = (): void => (painting.strokes.length === 0 ? onClose() : setLeaving(!isLeaving));
  const largest_px = Math.max(16, Math.min(size?.width ?? 0, size?.height ?? 0));
  useEffect(() => {
    if (size) setBrush((old) => ({ ...old, size_px: Math.max(2, Math.round(Math.min(size.width, size.height) / 8)) }));
  }, [size]);
  const finish = async (): Promise<void> => {
    if (!size) return;
    const [mask, marks] = canvasOf(size.width, size.height);
    if (base) marks.drawImage(base, 0, 0);
    paint(marks, painting.strokes);
    const [flat, context] = canvasOf(size.width, size.height);
    context.fillRect(0, 0, size.width, size.height);
    context.drawImage(mask, 0, 0);
    await onDone(await asPng(flat, "mask.png"));
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const isCommand = event.ctrlKey || event.metaKey;
    if (isCommand && event.key.toLowerCase() === "z") dispatch(event.shiftKey ? "redo" : "undo");
    else if (isCommand && event.key.toLowerCase() === "y") dispatch("redo");
    else if (event.key === "[") setBrush({ ...brush, size_px: Math.max(1, Math.round(brush.size_px / 1.2)) });
    else if (event.key === "]") setBrush({ ...brush, size_px: Math.min(largest_px, Math.ceil(brush.size_px * 1.2)) });
    else if (event.key === "b") setBrush({ ...brush, isErasing: false });
    else if (event.key === "e") setBrush({ ...brush, isErasing: true });
    else return;
    event.preventDefault();
  };
  return (
    <Dialog
      title={texts.mask.title}
      size="large"
      onClose={leave}
      foot={
        <>
          <span className="w-hint" role="status">
            {isLeaving ? texts.mask.unused : texts.mask.hint}
          </span>
          <button type="button" className="button" onClick={isLeaving ? onClose : leave}>
            {isLeaving ? texts.mask.discard : texts.cancel}
          </button>
          <button type="button" className="button primary" disabled={!size} onClick={() => void finish()}>
            {texts.mask.apply}
          </button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: shortcuts of the tools inside */}
      <div className="w-paint" onKeyDown={onKeyDown}>
        <div className="w-bar">
          <Tool
            label={texts.mask.brush}
            isPressed={!brush.isErasing}
            onClick={() => setBrush({ ...brush, isErasing: false })}
          >
            <Brush size={15} />
          </Tool>
          <Tool
            label={texts.mask.eraser}
            isPressed={brush.isErasing}
            onClick={() => setBrush({ ...brush, isErasing: true })}
          >
            <Eraser size={15} />
          </Tool>
          <Range
            label={texts.mask.size}
            shown={`${brush.size_px} px`}
            value={brush.size_px}
            minimum={1}
            maximum={largest_px}
            onChange={(size_px) => setBrush({ ...brush, size_px })}
          />
          <Range
            label={texts.mask.feather}
            shown={`${Math.round(brush.feather * 100)} %`}
            value={brush.feather * 100}
            minimum={0}
            maximum={100}
            onChange={(percent) => setBrush({ ...brush, feather: percent / 100 })}
          />
          <span className="w-gap" />
          <Tool label={texts.mask.undo} isDisabled={painting.strokes.length === 0} onClick={() => dispatch("undo")}>
            <Undo2 size={15} />
          </Tool>
          <Tool label={texts.mask.redo} isDisabled={painting.undone.length === 0} onClick={() => dispatch("redo")}>
            <Redo2 size={15} />
          </Tool>
          <Tool label={texts.mask.clear} onClick={() => dispatch({ kind: "clear" })}>
            <Trash2 size={15} />
          </Tool>
          <Tool label={texts.mask.fill} onClick={() => dispatch({ kind: "fill" })}>
            <PaintBucket size={15} />
          </Tool>
          <Tool label={texts.mask.invert} onClick={() => dispatch({ kind: "invert" })}>
            <Contrast size={15} />
          </Tool>
        </div>
        {!backdrop && !value && size && painting.strokes.length === 0 && (
          <div className="w-bar">
            <Length label={texts.mask.width} value={size.width} onChange={(width) => setSize({ ...size, width })} />
            <Length label={texts.mask.height} value={size.height} onChange={(height) => setSize({ ...size, height })} />
          </div>
        )}
        {error && <p role="alert">{error}</p>}
        <div className="w-stage">
          {size && (
            <MaskCanvas
              size={size}
              base={base}
              under={backdrop ? fileUrl(backdrop) : undefined}
              strokes={painting.strokes}
              brush={brush}
              onStroke={dispatch}
            />
          )}
        </div>
      </div>
    </Dialog>
  );
}

interface Sheet {
  readonly size: typeof PLAIN | undefined;
  /** The mask so far, as white of some opacity. */
  readonly base: HTMLCanvasElement | undefined;
  readonly error: string;
  readonly setSize: (size: typeof PLAIN) => void;
}

/** What is painted on: as large as the picture behind it, else as the mask so far. */
function useSheet(value: string | undefined, backdrop: string | undefined): Sheet {
  const [size, setSize] = useState<typeof PLAIN>();
  const [base, setBase] = useState<HTMLCanvasElement>();
  const [error, setError] = useState("");
  useEffect(() => {
    const prepare = async (): Promise<void> => {
      const [under, mask] = await Promise.all([backdrop, value].map((each) => each && loadPicture(each)));
      const picture = under || mask;
      const found = picture ? { width: picture.naturalWidth, height: picture.naturalHeight } : PLAIN;
      if (mask) {
        const [canvas, context] = canvasOf(found.width, found.height);
        drawMask(context, mask);
        setBase(canvas);
      }
      setSize(found);
    };
    prepare().catch(() => {
      setError(texts.file.wrong);
      setSize(PLAIN);
    });
  }, [value, backdrop]);
  return { size, base, error, setSize };
}

interface ToolProps {
  readonly label: string;
  readonly isPressed?: boolean;
  readonly isDisabled?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Tool({ label, isPressed, isDisabled, onClick, children }: ToolProps): JSX.Element {
  return (
    <button
      type="button"
      className="button"
      aria-label={label}
      title={label}
      aria-pressed={isPressed}
      disabled={isDisabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

interface RangeProps {
  readonly label: string;
  readonly shown: string;
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly onChange: (value: number) => void;
}

function Range({ label, shown, value, minimum, maximum, onChange }: RangeProps): JSX.Element {
  return (
    <label className="w-range">
      <span>{label}</span>
      <input
        type="range"
        min={minimum}
        max={maximum}
        value={value}
        aria-valuetext={shown}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
      <output>{shown}</output>
    </label>
  );
}

const LONGEST_PX = 8192;

function Length({ label, value, onChange }: Pick<RangeProps, "label" | "value" | "onChange">): JSX.Element {
  return (
    <label className="w-range">
      <span>{label}</span>
      <input
        className="field"
        type="number"
        min={8}
        max={LONGEST_PX}
        step={8}
        value={value}
        onChange={(event) => {
          const length = event.target.valueAsNumber;
          if (length >= 1 && length <= LONGEST_PX) onChange(Math.round(length));
        }}
      />
    </label>
  );
}
