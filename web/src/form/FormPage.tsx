/** The page of a form, opened by its address: the library's workflow of that name, else the example. */

import { Network, WifiOff } from "lucide-react";
import { type JSX, useEffect, useState } from "react";
import { ApiError, api } from "../api";
import type { Workflow } from "../document";
import { useConnection, useRunning } from "../running";
import { texts } from "../texts";
import { FormView } from "./FormView";

const words = texts.form;

type Opening =
  | { readonly state: "opening" }
  | { readonly state: "open"; readonly workflow: Workflow; readonly isExample: boolean }
  | { readonly state: "failed"; readonly message: string };

export function FormPage({ name }: { readonly name: string }): JSX.Element {
  const [opening, setOpening] = useState<Opening>({ state: "opening" });
  useEffect(() => {
    let isCurrent = true;
    open(name).then(
      (opened) => isCurrent && setOpening(opened),
      (error) =>
        isCurrent &&
        setOpening({ state: "failed", message: error instanceof ApiError ? error.message : String(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [name]);
  const title = opening.state === "open" ? opening.workflow.title || name : name;
  useEffect(() => {
    document.title = `${title} · Latentloom`;
  }, [title]);
  return (
    <div className="form-page">
      <header className="form-head">
        <h1>{title}</h1>
        <Away />
        {opening.state === "open" && (
          <a className="button" href={graphAddress(name, opening.isExample)} title={words.graphHint}>
            <Network size={15} aria-hidden="true" />
            <span>{words.graph}</span>
          </a>
        )}
      </header>
      <main>
        {opening.state === "opening" && <p className="nothing">{words.opening}</p>}
        {opening.state === "failed" && <NotThere message={opening.message} />}
        {opening.state === "open" && <FormView name={name} workflow={opening.workflow} />}
      </main>
    </div>
  );
}

async function open(name: string): Promise<Opening> {
  const isOwn = (await api.workflows()).some((entry) => entry.name === name);
  const { workflow } = await (isOwn ? api.open(name) : api.openExample(name));
  return { state: "open", workflow, isExample: !isOwn };
}

function graphAddress(name: string, isExample: boolean): string {
  return `/?${new URLSearchParams({ [isExample ? "example" : "workflow"]: name })}`;
}

function NotThere({ message }: { readonly message: string }): JSX.Element {
  return (
    <div className="nothing">
      <p className="told-bad" role="alert">
        {message}
      </p>
      <p>
        <a href="/">{words.toEditor}</a>
        {words.toEditorWhy}
      </p>
    </div>
  );
}

/** Told while the server or its engine is away; jobs go on when it is back. */
function Away(): JSX.Element | null {
  const connection = useConnection();
  const engine = useRunning((state) => state.engine);
  const isLost = connection === "lost";
  if (!isLost && (engine.state === "ready" || engine.state === "starting") && engine.message === "") return null;
  return (
    <span className="away" role="status">
      <WifiOff size={14} aria-hidden="true" />
      {isLost ? words.away : engine.message || words.engineAway}
    </span>
  );
}
