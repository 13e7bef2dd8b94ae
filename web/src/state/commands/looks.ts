/** Colours of nodes, loops and frames. */

import { colourOf, setColour } from "../../document";
import { texts } from "../../texts";
import { COLOURS, type Colour } from "../../theme/tints";
import type { Editor } from "../editor";
import { change, type Deed, tabOf } from "./command";

/** The selected things that can have a colour. */
function colourable(editor: Editor): string[] {
  const { workflow, selection } = tabOf(editor);
  return [...selection].filter((key) => colourOf(workflow, key) !== undefined);
}

/** The colour that all selected things have; undefined where they differ, or none can have one. */
export function chosenColour(editor: Editor): string | undefined {
  const { workflow } = tabOf(editor);
  const [first, ...others] = new Set(colourable(editor).map((key) => colourOf(workflow, key)));
  return others.length === 0 ? first : undefined;
}

/** Gives all that is selected and can have one a colour; "" takes it away. */
export function colourChosen(editor: Editor, colour: string): void {
  change(editor, texts.edits.colour, (workflow) => setColour(workflow, colourable(editor), colour));
}

function colouring(colour: Colour | ""): Deed {
  return {
    id: `colour-${colour || "none"}`,
    group: "arrange",
    isPossible: (editor) => colourable(editor).length > 0,
    run: (editor) => colourChosen(editor, colour),
  };
}

export const LOOKS: readonly Deed[] = [colouring(""), ...COLOURS.map(colouring)];
