/** What the step slider shows: the loops of a job, kept up to date while it runs, and its pictures. */

import { useEffect, useMemo, useRef, useState } from "react";
import { ApiError, api, type CallList, type ResultPlace } from "../api";
import type { Workflow } from "../document";
import { isLive, useJob } from "../running";
import { type WalkedLoop, walkedLoops } from "./loops";
import { createPictures, pictureKey, type StepPicture, type StepPictures } from "./pictures";

export interface Steps {
  readonly workflow: Workflow | undefined;
  readonly loops: readonly WalkedLoop[];
  readonly isReading: boolean;
  readonly error: string;
}

const NOTHING: readonly CallList["calls"][number][] = [];

export function useSteps(id: string, pictured: ReadonlySet<string>): Steps {
  const job = useJob(id);
  const isRunning = job !== undefined && isLive(job);
  const progress = job?.progress.done ?? 0;
  const [workflow, setWorkflow] = useState<Workflow>();
  const [calls, setCalls] = useState<{ readonly of: string; readonly list: typeof NOTHING }>({ of: "", list: NOTHING });
  const [error, setError] = useState("");
  const ask = useRef(() => {});

  useEffect(() => {
    let isCurrent = true;
    setWorkflow(undefined);
    setError("");
    api.jobRecord(id).then(
      (record) => isCurrent && setWorkflow(record.workflow),
      (failure) => isCurrent && setError(failure instanceof ApiError ? failure.message : String(failure)),
    );
    return () => {
      isCurrent = false;
    };
  }, [id]);

  // One question at a time: while a job runs, each of its steps would be a reason to ask.
  useEffect(() => {
    let isCurrent = true;
    ask.current = oneAtATime(() =>
      api.calls(id).then(
        ({ calls }) => isCurrent && setCalls({ of: id, list: calls }),
        (failure) => isCurrent && setError(failure instanceof ApiError ? failure.message : String(failure)),
      ),
    );
    return () => {
      isCurrent = false;
    };
  }, [id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: progress is the reason to ask again.
  useEffect(() => ask.current(), [id, isRunning, progress]);

  const list = calls.of === id ? calls.list : NOTHING;
  const loops = useMemo(() => (workflow ? walkedLoops(workflow, list, pictured) : []), [workflow, list, pictured]);
  return { workflow, loops, error, isReading: error === "" && (workflow === undefined || calls.of !== id) };
}

/** Does it when it is called; called while it is under way, once more when it has ended. */
export function oneAtATime(act: () => Promise<unknown>): () => void {
  let isUnderWay = false;
  let isWanted = false;
  const call = (): void => {
    isWanted = isUnderWay;
    if (isUnderWay) return;
    isUnderWay = true;
    void act().finally(() => {
      isUnderWay = false;
      if (isWanted) call();
    });
  };
  return call;
}

/** The pictures of results, as long as they are shown. */
export function usePictures(): StepPictures | undefined {
  const [pictures, setPictures] = useState<StepPictures>();
  useEffect(() => {
    const made = createPictures(api);
    setPictures(made);
    return made.close;
  }, []);
  return pictures;
}

/** A picture, and of what place it is. */
export interface ShownPicture {
  readonly place: ResultPlace;
  readonly picture: StepPicture;
}

/** The picture of a place. While the next one is read the last one stays, so that nothing flickers. */
export function usePicture(
  pictures: StepPictures | undefined,
  place: ResultPlace | undefined,
): ShownPicture | undefined {
  const [shown, setShown] = useState<ShownPicture>();
  const key = place ? pictureKey(place) : "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what the place is.
  useEffect(() => {
    if (!place || !pictures) return;
    let isCurrent = true;
    pictures.get(place).then((picture) => isCurrent && setShown({ place, picture }));
    return () => {
      isCurrent = false;
    };
  }, [pictures, key]);
  return shown;
}
