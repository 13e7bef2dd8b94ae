/**
 * The step slider: walks through the iterations of a job's loop and shows what the nodes inside have made in each, from
 * the engine's cache. Nothing is computed for it.
 */

import { ChevronLeft, ChevronRight, Pause, Play } from "lucide-react";
import { type JSX, type KeyboardEvent, useEffect, useMemo, useState } from "react";
import type { ResultPlace } from "../api";
import { IconButton } from "../results";
import { texts } from "../texts";
import { Filmstrip } from "./Filmstrip";
import { mainOutput, type StepOutput, type WalkedLoop } from "./loops";
import type { StepPictures } from "./pictures";
import { StepCard } from "./StepCard";
import { StepValues } from "./StepValues";
import { type Steps, usePictures, useSteps } from "./useSteps";

const words = texts.steps;

interface StepSliderProps {
  readonly job: string;
  /** Names of the types whose values can be looked at. */
  readonly pictured: ReadonlySet<string>;
  /** Selects a node of the loop on the canvas. */
  readonly onNode?: (node: string) => void;
}

export function StepSlider({ job, pictured, onNode }: StepSliderProps): JSX.Element {
  const steps = useSteps(job, pictured);
  const pictures = usePictures();
  const [chosen, setChosen] = useState("");
  const loop = steps.loops.find(({ key }) => key === chosen) ?? longest(steps.loops);
  return (
    <section className="steps" aria-label={words.panel}>
      {steps.loops.length > 1 && loop && (
        <label className="steps-loop">
          <span>{words.loop}</span>
          <select
            className="field"
            aria-label={words.loop}
            value={loop.key}
            onChange={(event) => setChosen(event.target.value)}
          >
            {steps.loops.map(({ key, title }) => (
              <option key={key} value={key}>
                {title}
              </option>
            ))}
          </select>
        </label>
      )}
      {loop ? (
        <LoopWalk key={`${job} ${loop.key}`} job={job} loop={loop} steps={steps} pictures={pictures} onNode={onNode} />
      ) : (
        <Nothing steps={steps} />
      )}
    </section>
  );
}

/** The loop with most iterations is the one that one wants to see. */
function longest(loops: readonly WalkedLoop[]): WalkedLoop | undefined {
  const length = ({ counts }: WalkedLoop): number => Math.max(0, ...Object.values(counts));
  return loops.reduce<WalkedLoop | undefined>(
    (best, loop) => (best === undefined || (loop.outputs.length > 0 && length(loop) > length(best)) ? loop : best),
    undefined,
  );
}

function Nothing({ steps: { isReading, error } }: { readonly steps: Steps }): JSX.Element {
  if (error) return <p className="told-bad">{error}</p>;
  return <p className="nothing">{isReading ? words.reading : words.none}</p>;
}

const PLAY_MS = 140;
/** How far ahead and behind pictures are asked for. */
const AHEAD = 3;

interface LoopWalkProps {
  readonly job: string;
  readonly loop: WalkedLoop;
  readonly steps: Steps;
  readonly pictures: StepPictures | undefined;
  readonly onNode: ((node: string) => void) | undefined;
}

function LoopWalk({ job, loop, steps, pictures, onNode }: LoopWalkProps): JSX.Element {
  const [branch, setBranch] = useState(0);
  const [wanted, setWanted] = useState<number | null>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [main, setMain] = useState<StepOutput | undefined>(() => mainOutput(loop));
  const around = loop.around[Math.min(branch, loop.around.length - 1)] ?? [];
  const count = loop.counts[around.join(",")] ?? 0;
  // Until the user moves it, the newest iteration is shown.
  const at = Math.min(wanted ?? count - 1, count - 1);

  const places = useMemo(() => placesOf(job, loop), [job, loop]);
  useEffect(() => {
    const near = Array.from({ length: 2 * AHEAD + 1 }, (_, i) => at - AHEAD + i).filter(
      (i) => i >= 0 && i < count && i !== at,
    );
    pictures?.prefetch(near.flatMap((i) => loop.outputs.map((output) => places(output, [...around, i]))));
  }, [pictures, places, loop.outputs, around, at, count]);
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(() => (at + 1 < count ? setWanted(at + 1) : setPlaying(false)), PLAY_MS);
    return () => clearTimeout(timer);
  }, [isPlaying, at, count]);

  const go = (to: number): void => {
    setPlaying(false);
    setWanted(Math.max(0, Math.min(count - 1, to)));
  };
  const play = (): void => {
    if (!isPlaying && at + 1 >= count) setWanted(0);
    setPlaying(!isPlaying);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const isField = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    const places: { readonly [key: string]: number } = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      Home: 0,
      End: count - 1,
    };
    const to = isField ? undefined : places[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    go(to);
  };
  const iterations = [...around, at];
  const others = loop.outputs.filter((output) => output !== main);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys work wherever the focus is inside.
    <div className="walk" onKeyDown={onKeyDown}>
      {loop.around.length > 1 && (
        <label className="steps-loop">
          <span>{words.branch}</span>
          <select
            className="field"
            aria-label={words.branch}
            value={branch}
            onChange={(event) => setBranch(Number(event.target.value))}
          >
            {loop.around.map((numbers, i) => (
              <option key={numbers.join(",")} value={i}>
                {numbers.map((number) => number + 1).join(" / ")}
              </option>
            ))}
          </select>
        </label>
      )}
      <div className="walk-pictures">
        {main && (
          <StepCard
            key={main.node + main.output}
            output={main}
            place={places(main, iterations)}
            pictures={pictures}
            isMain
            onNode={onNode}
          />
        )}
        <div className="walk-others">
          {others.map((output) => (
            <StepCard
              key={`${output.node} ${output.output}`}
              output={output}
              place={places(output, iterations)}
              pictures={pictures}
              isMain={false}
              onChoose={() => setMain(output)}
              onNode={onNode}
            />
          ))}
        </div>
      </div>
      <div className="walk-foot">
        <div className="walk-bar">
          <IconButton
            label={words.previous}
            shortcut="ArrowLeft"
            icon={ChevronLeft}
            isDisabled={at <= 0}
            onClick={() => go(at - 1)}
          />
          <IconButton
            label={isPlaying ? words.pause : words.play}
            icon={isPlaying ? Pause : Play}
            isDisabled={count < 2}
            onClick={play}
          />
          <IconButton
            label={words.next}
            shortcut="ArrowRight"
            icon={ChevronRight}
            isDisabled={at >= count - 1}
            onClick={() => go(at + 1)}
          />
          <span className="walk-at" aria-live="polite">
            {at + 1} <span className="muted">{words.of(count)}</span>
          </span>
          {steps.workflow && <StepValues job={job} workflow={steps.workflow} loop={loop} at={at} />}
        </div>
        <Filmstrip
          count={count}
          at={at}
          pictures={pictures}
          placeAt={main && ((i) => places(main, [...around, i]))}
          onGo={go}
        />
      </div>
    </div>
  );
}

function placesOf(
  job: string,
  { path }: WalkedLoop,
): (output: StepOutput, iterations: readonly number[]) => ResultPlace {
  return ({ node, output }, iterations) => ({ job, node, output, path, iterations });
}
