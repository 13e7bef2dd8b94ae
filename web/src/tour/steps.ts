/** The steps of the tour, what each points at, and where its card stands. */

export type StepName = "run" | "inputs" | "loop" | "add" | "help";

export interface TourStep {
  readonly name: StepName;
  /** The first of these that is on the page; without any the card stands in the middle. */
  readonly targets: string;
}

export const STEPS: readonly TourStep[] = [
  { name: "run", targets: ".topbar .run" },
  { name: "inputs", targets: ".side .inputs-panel, .rail" },
  { name: "loop", targets: ".react-flow__node-loop, .zone" },
  { name: "add", targets: ".react-flow__pane" },
  { name: "help", targets: ".statusbar" },
];

export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const GAP = 12;
const EDGE = 12;

/** Where a card stands so that it hides as little as can be of what it points at: below, above, right, left, inside. */
export function placeCard(
  target: Rect | undefined,
  card: Size,
  page: Size,
): { readonly x: number; readonly y: number } {
  if (!target) return { x: (page.width - card.width) / 2, y: (page.height - card.height) / 2 };
  const middleX = target.left + target.width / 2 - card.width / 2;
  const middleY = target.top + target.height / 2 - card.height / 2;
  const places = [
    {
      x: middleX,
      y: target.top + target.height + GAP,
      fits: target.top + target.height + GAP + card.height < page.height,
    },
    { x: middleX, y: target.top - GAP - card.height, fits: target.top - GAP - card.height > 0 },
    {
      x: target.left + target.width + GAP,
      y: middleY,
      fits: target.left + target.width + GAP + card.width < page.width,
    },
    { x: target.left - GAP - card.width, y: middleY, fits: target.left - GAP - card.width > 0 },
  ];
  const { x, y } = places.find(({ fits }) => fits) ?? { x: middleX, y: target.top + GAP * 3 };
  return { x: within(x, page.width - card.width), y: within(y, page.height - card.height) };
}

function within(at: number, most: number): number {
  return Math.min(Math.max(at, EDGE), Math.max(EDGE, most - EDGE));
}
