import { type JSX, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useEditor, usePreferences, useServer, useUi } from "../state/editor";
import { texts } from "../texts";
import { placeCard, type Rect, STEPS } from "./steps";

/** A minute about what is where: once, until it is dismissed for good. Nothing behind it is blocked. */
export function Tour(): JSX.Element | null {
  const isDone = usePreferences((preferences) => preferences.isTourDone);
  const isReady = useServer(({ catalogue }) => catalogue.nodes.size > 0);
  const window = useUi((ui) => ui.window);
  return isDone || !isReady || window !== "" ? null : <Card />;
}

function Card(): JSX.Element {
  const { preferences } = useEditor();
  const [at, setAt] = useState(0);
  const card = useRef<HTMLElement>(null);
  const target = useTarget(STEPS[at]?.targets ?? "");
  const [place, setPlace] = useState({ x: 0, y: 0 });
  useLayoutEffect(() => {
    const shown = card.current;
    if (!shown) return;
    const size = { width: shown.offsetWidth, height: shown.offsetHeight };
    setPlace(placeCard(target, size, { width: window.innerWidth, height: window.innerHeight }));
  }, [target]);
  const name = STEPS[at]?.name ?? "run";
  const { title, text } = texts.tour.steps[name];
  const isLast = at === STEPS.length - 1;
  const finish = (): void => preferences.setState({ isTourDone: true });
  return (
    <>
      {target && <div className="tour-ring" style={target} />}
      <section
        ref={card}
        className="tour"
        aria-label={texts.tour.label}
        style={{ left: place.x, top: place.y }}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Escape") finish();
        }}
      >
        <div aria-live="polite">
          <h2>{title}</h2>
          <p>{text}</p>
        </div>
        <footer>
          <span>{texts.tour.step(at + 1, STEPS.length)}</span>
          {!isLast && (
            <button type="button" className="button" onClick={finish}>
              {texts.tour.skip}
            </button>
          )}
          <span className="w-gap" />
          {at > 0 && (
            <button type="button" className="button" onClick={() => setAt(at - 1)}>
              {texts.tour.back}
            </button>
          )}
          <button type="button" className="button primary" onClick={() => (isLast ? finish() : setAt(at + 1))}>
            {isLast ? texts.tour.done : texts.tour.next}
          </button>
        </footer>
      </section>
    </>
  );
}

const LOOK_MS = 400;

/** Where the thing that a step points at stands; looked at again now and then, as canvases move. */
function useTarget(targets: string): Rect | undefined {
  const [rect, setRect] = useState<Rect>();
  useEffect(() => {
    const look = (): void => {
      const box = document.querySelector(targets)?.getBoundingClientRect();
      const next = box && { left: box.left, top: box.top, width: box.width, height: box.height };
      setRect((old) => (JSON.stringify(old) === JSON.stringify(next) ? old : next));
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    window.addEventListener("resize", look);
    return () => {
      clearInterval(timer);
      window.removeEventListener("resize", look);
    };
  }, [targets]);
  return rect;
}
