import type { JSX } from "react";
import { keycaps } from "./chords";
import { IS_MAC } from "./machine";

export function Keycaps({ chord }: { readonly chord: string }): JSX.Element {
  return (
    <span className="keycaps">
      {keycaps(chord, IS_MAC).map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </span>
  );
}
