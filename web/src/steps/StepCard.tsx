/** What one node has made in one iteration: its picture, and its numbers. */

import { type JSX, useEffect, useState } from "react";
import { api, type ResultPlace, type Statistics } from "../api";
import { texts } from "../texts";
import type { StepOutput } from "./loops";
import { pictureKey, type StepPictures } from "./pictures";
import { usePicture } from "./useSteps";

const words = texts.steps;

interface StepCardProps {
  readonly output: StepOutput;
  readonly place: ResultPlace;
  readonly pictures: StepPictures | undefined;
  /** The large one, which also tells its numbers. */
  readonly isMain: boolean;
  readonly onChoose?: () => void;
  readonly onNode: ((node: string) => void) | undefined;
}

export function StepCard({ output, place, pictures, isMain, onChoose, onNode }: StepCardProps): JSX.Element {
  const shown = usePicture(pictures, place);
  const picture = shown?.picture;
  // Of the picture that stands there, and not of the one that is still read.
  const alt = words.picture(output.title, output.label, (shown?.place.iterations?.at(-1) ?? 0) + 1);
  return (
    <figure className="step-card" data-main={isMain} data-type={output.type}>
      <StepPictureFrame
        picture={picture?.ok ? picture.url : undefined}
        alt={alt}
        onChoose={onChoose}
        title={`${output.title}, ${output.label}`}
      />
      <figcaption>
        {onNode ? (
          <button type="button" className="step-node" title={words.showNode} onClick={() => onNode(output.node)}>
            {output.title}
          </button>
        ) : (
          <span className="step-node">{output.title}</span>
        )}
        <span className="step-type" title={words.shows[output.type]}>
          {output.label}
        </span>
        {picture && !picture.ok && <span className="told-bad">{picture.message}</span>}
        {isMain && <Numbers place={place} isHeat={output.type === "Heat"} />}
      </figcaption>
    </figure>
  );
}

interface FrameProps {
  readonly picture: string | undefined;
  readonly alt: string;
  readonly title: string;
  readonly onChoose: (() => void) | undefined;
}

function StepPictureFrame({ picture, alt, title, onChoose }: FrameProps): JSX.Element {
  const shown = picture ? (
    <img src={picture} alt={alt} draggable={false} />
  ) : (
    <span className="step-empty" aria-hidden="true" />
  );
  return onChoose ? (
    <button type="button" className="step-frame" aria-label={words.lookAt(title)} onClick={onChoose}>
      {shown}
    </button>
  ) : (
    <span className="step-frame">{shown}</span>
  );
}

/** Asked for when one has stopped at an iteration for a moment. */
const SETTLED_MS = 180;

function Numbers({ place, isHeat }: { readonly place: ResultPlace; readonly isHeat: boolean }): JSX.Element {
  const [numbers, setNumbers] = useState<Statistics>();
  const key = pictureKey(place);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what the place is.
  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => {
      api.resultStatistics(place).then(
        (read) => isCurrent && setNumbers(read),
        () => isCurrent && setNumbers(undefined),
      );
    }, SETTLED_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [key]);
  return (
    <span className="step-numbers">
      {numbers ? describe(numbers) : " "}
      {numbers && isHeat && (
        <span className="heat-scale" role="img" aria-label={words.scale(show(numbers.minimum), show(numbers.maximum))}>
          {show(numbers.minimum)}
          <i />
          {show(numbers.maximum)}
        </span>
      )}
    </span>
  );
}

function show(value: number | null): string {
  return value === null ? "–" : value.toFixed(2);
}

function describe({ shape, minimum, maximum, mean, deviation, not_finite }: Statistics): string {
  return [
    shape.join(" × "),
    words.range(show(minimum), show(maximum)),
    words.mean(show(mean)),
    words.deviation(show(deviation)),
    not_finite > 0 ? words.notFinite(not_finite) : "",
  ]
    .filter(Boolean)
    .join(" · ");
}
