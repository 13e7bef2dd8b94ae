import type { JSX } from "react";
import { texts } from "../texts";
import { Markdown } from "../widgets";

/** The loop is part of the language, not of the catalogue. */
export function LoopPage(): JSX.Element {
  const { title, category, text } = texts.reference.loop;
  return (
    <>
      <p className="reference-category">{category}</p>
      <h2>{title}</h2>
      <Markdown text={text} />
    </>
  );
}
