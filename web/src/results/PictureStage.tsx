/** Where pictures are looked at: one, two side by side, or one over the other behind a slider. */

import { type CSSProperties, type JSX, useState } from "react";
import { type FileEntry, fileUrl } from "../api";
import { texts } from "../texts";
import type { Zoom } from "./zoom";

/** From here on single pixels are what one looks at. */
const PIXELS_FROM = 4;

interface StageProps {
  readonly file: FileEntry;
  readonly zoom: Zoom;
}

export function PictureStage({ file, zoom }: StageProps): JSX.Element {
  return (
    <div className="picture-stage" ref={zoom.attach}>
      <Picture file={file} zoom={zoom} />
    </div>
  );
}

function Picture({ file, zoom }: StageProps): JSX.Element {
  const { x, y, k } = zoom.transform;
  const style: CSSProperties = {
    transform: `translate(${x}px, ${y}px) scale(${k})`,
    imageRendering: k >= PIXELS_FROM ? "pixelated" : "auto",
  };
  return <img className="stage-picture" src={fileUrl(file.digest)} alt={file.name} style={style} draggable={false} />;
}

export type CompareMode = "slider" | "beside";

interface CompareProps {
  readonly before: FileEntry;
  readonly after: FileEntry;
  readonly mode: CompareMode;
  readonly zoom: Zoom;
}

export function CompareStage({ before, after, mode, zoom }: CompareProps): JSX.Element {
  return mode === "beside" ? (
    <div className="beside">
      <Labelled file={before} zoom={zoom} />
      <Labelled file={after} zoom={zoom} />
    </div>
  ) : (
    <SliderStage before={before} after={after} zoom={zoom} />
  );
}

function Labelled({ file, zoom }: StageProps): JSX.Element {
  return (
    <figure>
      <PictureStage file={file} zoom={zoom} />
      <figcaption>{file.name}</figcaption>
    </figure>
  );
}

function SliderStage({ before, after, zoom }: Omit<CompareProps, "mode">): JSX.Element {
  const [percent, setPercent] = useState(50);
  return (
    <div className="slider-stage">
      <div className="picture-stage" ref={zoom.attach}>
        <Picture file={before} zoom={zoom} />
        <div className="stage-over" style={{ clipPath: `inset(0 0 0 ${percent}%)` }}>
          <Picture file={after} zoom={zoom} />
        </div>
      </div>
      <span className="side-name" data-side="left">
        {before.name}
      </span>
      <span className="side-name" data-side="right">
        {after.name}
      </span>
      <i className="divider" style={{ left: `${percent}%` }} aria-hidden="true" />
      <input
        type="range"
        className="divider-input"
        aria-label={texts.results.viewer.divider}
        min={0}
        max={100}
        step={0.1}
        value={percent}
        onChange={(event) => setPercent(Number(event.target.value))}
        onKeyDown={(event) => event.stopPropagation()}
      />
    </div>
  );
}
