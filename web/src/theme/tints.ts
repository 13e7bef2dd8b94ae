/** Colours that people give to nodes, loops and frames: few, and readable in both themes. */

export const COLOURS = ["red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "grey"] as const;
export type Colour = (typeof COLOURS)[number];

/** A colour of a document as CSS; empty where there is none. */
export function tintOf(colour: string): string {
  return (COLOURS as readonly string[]).includes(colour) ? `var(--tint-${colour})` : colour;
}
