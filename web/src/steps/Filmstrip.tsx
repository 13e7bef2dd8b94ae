/** All iterations in a row of small pictures, and the slider below them. */

import type { JSX } from "react";
import type { ResultPlace } from "../api";
import { texts } from "../texts";
import type { StepPictures } from "./pictures";
import { usePicture } from "./useSteps";

interface FilmstripProps {
  readonly count: number;
  readonly at: number;
  readonly pictures: StepPictures | undefined;
  readonly placeAt: ((iteration: number) => ResultPlace) | undefined;
  readonly onGo: (iteration: number) => void;
}

/** More frames than this are not told apart; of longer loops some are left out. */
const MOST_FRAMES = 20;

export function Filmstrip({ count, at, pictures, placeAt, onGo }: FilmstripProps): JSX.Element {
  const frames = framesOf(count);
  const nearest = frames.reduce((best, frame) => (Math.abs(frame - at) < Math.abs(best - at) ? frame : best), 0);
  return (
    <div className="filmstrip">
      {placeAt && (
        <div className="frames" aria-hidden="true">
          {frames.map((frame) => (
            <Frame
              key={frame}
              place={placeAt(frame)}
              pictures={pictures}
              isCurrent={frame === nearest}
              onGo={() => onGo(frame)}
            />
          ))}
        </div>
      )}
      <input
        type="range"
        aria-label={texts.steps.iteration}
        aria-valuetext={texts.steps.at(at + 1, count)}
        min={0}
        max={Math.max(0, count - 1)}
        value={at}
        onChange={(event) => onGo(Number(event.target.value))}
      />
    </div>
  );
}

/** Iterations spread evenly from the first to the last. */
export function framesOf(count: number): number[] {
  const shown = Math.min(count, MOST_FRAMES);
  const step = shown > 1 ? (count - 1) / (shown - 1) : 0;
  return Array.from({ length: shown }, (_, i) => Math.round(i * step));
}

interface FrameProps {
  readonly place: ResultPlace;
  readonly pictures: StepPictures | undefined;
  readonly isCurrent: boolean;
  readonly onGo: () => void;
}

/** For the pointer only: the slider below does the same by keys. */
function Frame({ place, pictures, isCurrent, onGo }: FrameProps): JSX.Element {
  const picture = usePicture(pictures, place)?.picture;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hidden from readers; the slider does the same.
    // biome-ignore lint/a11y/useKeyWithClickEvents: hidden from readers; the slider does the same.
    <span className="film-frame" data-current={isCurrent} onClick={onGo}>
      {picture?.ok && <img src={picture.url} alt="" draggable={false} />}
    </span>
  );
}
