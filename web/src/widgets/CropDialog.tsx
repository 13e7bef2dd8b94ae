import { type JSX, type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { fileUrl } from "../api";
import { texts } from "../texts";
import { type Crop, canvasStyle, dragged, type Handle, isWhole, largest, type Size } from "./crops";
import { Dialog } from "./Dialog";
import { asPng, canvasOf, loadPicture } from "./pictures";

interface CropDialogProps {
  readonly value: string;
  readonly onDone: (file: File) => Promise<void>;
  readonly onClose: () => void;
}

const HANDLES: readonly Handle[] = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];
const ARROWS: { readonly [key: string]: readonly [number, number] } = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const RATIOS: readonly (readonly [name: string, ratio: number])[] = [
  ["1:1", 1],
  ["3:2", 3 / 2],
  ["2:3", 2 / 3],
  ["16:9", 16 / 9],
];

/** Cuts a part out of a picture; the part is sent as a file of its own. */
export function CropDialog({ value, onDone, onClose }: CropDialogProps): JSX.Element {
  const [picture, setPicture] = useState<HTMLImageElement>();
  const [crop, setCrop] = useState<Crop>();
  const [ratio, setRatio] = useState("");
  const [error, setError] = useState("");
  const drag = useRef<{ handle: Handle; x: number; y: number; from: Crop; scale: number } | null>(null);
  useEffect(() => {
    loadPicture(value).then(
      (loaded) => {
        setPicture(loaded);
        setCrop(largest(sizeOf(loaded), undefined));
      },
      () => setError(texts.file.wrong),
    );
  }, [value]);
  const size = picture && sizeOf(picture);
  const number = ratio === "original" && size ? size.width / size.height : RATIOS.find(([name]) => name === ratio)?.[1];

  const choose = (name: string): void => {
    setRatio(name);
    const next = name === "original" && size ? size.width / size.height : RATIOS.find(([each]) => each === name)?.[1];
    if (size && name) setCrop(largest(size, next));
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    if (!crop || !size) return;
    const handle = ((event.target as HTMLElement).dataset.handle ?? "move") as Handle;
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { handle, x: event.clientX, y: event.clientY, from: crop, scale: size.width / (box?.width || 1) };
  };
  const onPointerMove = (event: PointerEvent): void => {
    const held = drag.current;
    if (!held || !size) return;
    const [dx, dy] = [(event.clientX - held.x) * held.scale, (event.clientY - held.y) * held.scale];
    setCrop(dragged(held.from, held.handle, dx, dy, size, number));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const way = ARROWS[event.key];
    if (!way || !crop || !size) return;
    event.preventDefault();
    const far = event.shiftKey ? 8 : 1;
    setCrop(dragged(crop, event.altKey ? "se" : "move", way[0] * far, way[1] * far, size, number));
  };
  const finish = async (): Promise<void> => {
    if (!picture || !crop || !size) return;
    if (!isWhole(crop, size)) {
      const [canvas, context] = canvasOf(crop.width, crop.height);
      context.drawImage(picture, -crop.left, -crop.top);
      await onDone(await asPng(canvas, "crop.png"));
    }
    onClose();
  };
  const percent = (part: number, whole: number): string => `${(100 * part) / whole}%`;
  return (
    <Dialog
      title={texts.crop.title}
      size="large"
      onClose={onClose}
      foot={
        <>
          <span className="w-hint">{texts.crop.hint}</span>
          <button type="button" className="button" onClick={onClose}>
            {texts.cancel}
          </button>
          <button type="button" className="button primary" disabled={!crop} onClick={() => void finish()}>
            {texts.crop.apply}
          </button>
        </>
      }
    >
      <div className="w-bar">
        <span id="w-ratio">{texts.crop.ratio}</span>
        <fieldset className="w-modes" aria-labelledby="w-ratio">
          {[["", texts.crop.free], ["original", texts.crop.original], ...RATIOS.map(([name]) => [name, name])].map(
            ([name = "", shown]) => (
              <button key={name} type="button" aria-pressed={ratio === name} onClick={() => choose(name)}>
                {shown}
              </button>
            ),
          )}
        </fieldset>
        {crop && <span className="w-measure">{texts.crop.size(crop.width, crop.height)}</span>}
      </div>
      {error && <p role="alert">{error}</p>}
      <div className="w-stage">
        {size && crop && (
          <div className="w-canvas" style={canvasStyle(size)}>
            <img src={fileUrl(value)} alt="" draggable={false} />
            {/* biome-ignore lint/a11y/useSemanticElements: a frame that is dragged is no element of HTML */}
            <div
              className="w-crop"
              role="group"
              aria-label={`${texts.crop.area}, ${texts.crop.size(crop.width, crop.height)}`}
              // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved with the arrow keys
              tabIndex={0}
              style={{
                left: percent(crop.left, size.width),
                top: percent(crop.top, size.height),
                width: percent(crop.width, size.width),
                height: percent(crop.height, size.height),
              }}
              onPointerDown={onPointerDown}
              onPointerMove={onPointerMove}
              onPointerUp={() => {
                drag.current = null;
              }}
              onKeyDown={onKeyDown}
            >
              {HANDLES.map((handle) => (
                <span key={handle} data-handle={handle} />
              ))}
            </div>
          </div>
        )}
      </div>
    </Dialog>
  );
}

function sizeOf({ naturalWidth, naturalHeight }: HTMLImageElement): Size {
  return { width: naturalWidth, height: naturalHeight };
}
