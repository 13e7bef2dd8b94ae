import { type CSSProperties, type JSX, type KeyboardEvent, useEffect, useRef } from "react";
import { showShortcut } from "../commands";
import { useEditor, useUi } from "../state/editor";
import type { MenuItem } from "../state/ui";
import { texts } from "../texts";
import { COLOURS, tintOf } from "../theme/tints";

const WIDTH = 264;
const ROW = { fine: 28, coarse: 40 };

/** The menu of what was pointed at. */
export function Menu(): JSX.Element | null {
  const editor = useEditor();
  const menu = useUi((ui) => ui.menu);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (menu) list.current?.querySelector<HTMLElement>("button:not(:disabled)")?.focus();
  }, [menu]);
  if (!menu) return null;
  const close = (): void => editor.ui.setState({ menu: null });
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "Tab") close();
    const next = neighbour(list.current, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  const row = matchMedia("(pointer: coarse)").matches ? ROW.coarse : ROW.fine;
  const height = menu.items.length * row + 12;
  const style = {
    left: Math.min(menu.screen.x, window.innerWidth - WIDTH - 8),
    top: Math.max(8, Math.min(menu.screen.y, window.innerHeight - height - 8)),
    width: WIDTH,
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Escape closes it from the keyboard. */}
      <div className="veil" onPointerDown={close} onContextMenu={(event) => event.preventDefault()} />
      <div className="menu" role="menu" tabIndex={-1} ref={list} style={style} onKeyDown={onKeyDown}>
        {menu.items.map((item, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a menu never changes while it is open.
          <MenuRow key={i} item={item} onClose={close} />
        ))}
      </div>
    </>
  );
}

function MenuRow({ item, onClose }: { readonly item: MenuItem; readonly onClose: () => void }): JSX.Element {
  switch (item.kind) {
    case "line":
      return <hr />;
    case "colours":
      return <Colours chosen={item.chosen} onChoose={(colour) => act(() => item.choose(colour))} />;
    case "action":
      return (
        <button
          type="button"
          role="menuitem"
          data-row
          aria-keyshortcuts={item.shortcut}
          disabled={item.isDisabled}
          onClick={() => act(item.act)}
        >
          {item.label}
          {item.shortcut && (
            <span className="menu-keys" aria-hidden="true">
              {showShortcut(item.shortcut)}
            </span>
          )}
        </button>
      );
  }
  function act(deed: () => void): void {
    onClose();
    deed();
  }
}

interface ColoursProps {
  readonly chosen: string | undefined;
  readonly onChoose: (colour: string) => void;
}

function Colours({ chosen, onChoose }: ColoursProps): JSX.Element {
  const words = texts.menus;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a menu.
    <div className="menu-colours" role="group" aria-label={words.colour} data-row>
      {(["", ...COLOURS] as const).map((colour) => (
        <button
          type="button"
          key={colour}
          role="menuitemradio"
          className="swatch"
          style={{ "--tint": tintOf(colour) || "transparent" } as CSSProperties}
          aria-checked={colour === chosen}
          aria-label={words.colours[colour]}
          title={words.colours[colour]}
          onClick={() => onChoose(colour)}
        />
      ))}
    </div>
  );
}

/** Where an arrow key leads: up and down from row to row, left and right within one. */
function neighbour(list: HTMLElement | null, key: string): HTMLElement | undefined {
  const items = [...(list?.querySelectorAll<HTMLElement>("button:not(:disabled)") ?? [])];
  const rows = [...new Set(items.map((item) => item.closest("[data-row]")))];
  const here = items.find((item) => item === document.activeElement);
  const row = here?.closest("[data-row]") ?? null;
  const down = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (down !== undefined) {
    const at = here ? rows.indexOf(row) + down : down > 0 ? 0 : -1;
    const next = rows.at(at % rows.length);
    return items.find((item) => item.closest("[data-row]") === next);
  }
  const across = { ArrowRight: 1, ArrowLeft: -1 }[key];
  const beside = items.filter((item) => item.closest("[data-row]") === row);
  return across === undefined || !here ? undefined : beside.at((beside.indexOf(here) + across) % beside.length);
}
