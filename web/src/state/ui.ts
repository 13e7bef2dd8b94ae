/** What is shown around the canvas. Nothing here is part of a document. */

import { createStore, type StoreApi } from "zustand/vanilla";
import type { FileEntry } from "../api";
import type { End } from "../canvas/model";
import type { Link, Place, Target } from "../document";

/** A window over everything. */
export type WindowName =
  | "commands"
  | "shortcuts"
  | "settings"
  | "settings-shortcuts"
  | "examples"
  | "save"
  | "sweep"
  | "";
/** What stands beside the canvas. */
export type DockView = "results" | "steps" | "gallery" | "jobs";
export type SidePanel = "library" | "inputs" | "workflows" | "";

/** A wire that is being drawn: from an output, or from an input backwards. */
export type Wiring =
  | { readonly kind: "from-output"; readonly link: Link; readonly upstream: ReadonlySet<string> }
  | { readonly kind: "from-input"; readonly target: Target };

/** What a new node is wired to: one end, or both where it goes into a wire. */
export type Joining = Wiring | { readonly kind: "into-wire"; readonly link: Link; readonly target: Target };

/** Where the palette opens, and what it does with the chosen node type. */
export interface PaletteRequest {
  readonly screen: { readonly x: number; readonly y: number };
  readonly canvas: { readonly x: number; readonly y: number };
  readonly place: Place;
  readonly wiring: Joining | null;
  /** Asked for by a key: the cursor goes to the new node. */
  readonly isKeyed?: boolean;
}

/** One of several things on the canvas. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  /** Why it cannot be chosen; empty when it can. */
  readonly reason: string;
  /** Where it is on the canvas: shown while one looks at it. */
  readonly at?: End;
  readonly act: () => void;
}

/** A list to choose from by name. */
export interface ChooserRequest {
  readonly title: string;
  readonly hint: string;
  /** Asked again after a choice that leaves the list open. */
  readonly list: () => readonly Choice[];
  /** Where the wire starts whose other end is chosen. */
  readonly from?: End;
}

export interface MenuRequest {
  readonly screen: { readonly x: number; readonly y: number };
  readonly items: readonly MenuItem[];
}

export type MenuItem =
  | { readonly kind: "line" }
  | { readonly kind: "colours"; readonly chosen: string | undefined; readonly choose: (colour: string) => void }
  | {
      readonly kind: "action";
      readonly label: string;
      readonly shortcut?: string;
      readonly isDisabled?: boolean;
      readonly act: () => void;
    };

export interface Ui {
  /** Nothing is open yet: what will be is still being read. */
  readonly isOpening: boolean;
  readonly side: SidePanel;
  readonly isResultsOpen: boolean;
  readonly dock: DockView;
  readonly isFaultsOpen: boolean;
  readonly window: WindowName;
  /** The node type whose documentation is shown; "" before one is chosen, null when it is closed. */
  readonly reference: string | null;
  readonly palette: PaletteRequest | null;
  readonly menu: MenuRequest | null;
  readonly chooser: ChooserRequest | null;
  /** Where the keyboard is on the canvas; of use while its node is selected (`cursorOf`). */
  readonly cursor: End | null;
  /** What is looked at in a list, so that it is shown on the canvas. */
  readonly lookedAt: End | null;
  /** What was told last to those who do not see the canvas. */
  readonly said: string;
  readonly wiring: Wiring | null;
  /** A loop over which nodes are held. */
  readonly dropLoop: string;
  /** A wire that a dragged node would go into. */
  readonly dropWire: string;
  /** A name of a graph's input that the pointer is on: what reads it lights up. */
  readonly hoveredInput: string;
  /** What is being given a name: the key of a node, loop or frame, or `LOOP.VALUE` for a value of a loop. */
  readonly naming: string;
  /** At which edge of the loop that value is being named. */
  readonly namingSide: "left" | "right";
  readonly message: Message | null;
  /** Pictures on the whole screen, one of them shown. */
  readonly enlarged: { readonly files: readonly FileEntry[]; readonly at: number } | null;
  /** Nodes whose picture the user wants to see. */
  readonly pictured: ReadonlySet<string>;
}

export type UiStore = StoreApi<Ui>;

export function createUi(): UiStore {
  return createStore<Ui>(() => ({
    isOpening: true,
    side: window.innerWidth > 900 ? "inputs" : "",
    isResultsOpen: window.innerWidth > 1600,
    dock: "results",
    isFaultsOpen: false,
    window: "",
    reference: null,
    palette: null,
    menu: null,
    chooser: null,
    cursor: null,
    lookedAt: null,
    said: "",
    wiring: null,
    dropLoop: "",
    dropWire: "",
    hoveredInput: "",
    naming: "",
    namingSide: "left",
    message: null,
    enlarged: null,
    pictured: new Set<string>(),
  }));
}

/** Something told in passing, with what can be done about it. */
export interface Message {
  readonly text: string;
  readonly action?: { readonly label: string; readonly act: () => void } | undefined;
}

const MESSAGE_MS = 6_000;
/** One needs time to see that something was not meant. */
const ACTION_MS = 15_000;

/** Tells the user something in passing. */
export function tell(ui: UiStore, text: string, action?: Message["action"]): void {
  const message: Message = { text, action };
  ui.setState({ message });
  setTimeout(
    () => ui.setState((now) => (now.message === message ? { message: null } : {})),
    action ? ACTION_MS : MESSAGE_MS,
  );
}

/** Tells it to those who do not see the canvas. The same words twice are told twice. */
export function say(ui: UiStore, text: string): void {
  ui.setState(({ said }) => ({ said: said === text ? `${text}\u00a0` : text }));
}
