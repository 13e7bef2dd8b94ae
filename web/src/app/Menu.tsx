import { type JSX, type KeyboardEvent, useEffect, useRef } from "react";
import { showShortcut } from "../commands";
import { useEditor, useUi } from "../state/editor";

const WIDTH = 250;
const ROW = 28;

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
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const items = [...(list.current?.querySelectorAll<HTMLElement>("button:not(:disabled)") ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    items[(at + step + items.length) % items.length]?.focus();
  };
  const height = menu.items.length * ROW + 12;
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
        {menu.items.map((item, i) =>
          item.kind === "line" ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: a menu never changes while it is open.
            <hr key={i} />
          ) : (
            <button
              type="button"
              role="menuitem"
              // biome-ignore lint/suspicious/noArrayIndexKey: a menu never changes while it is open.
              key={i}
              disabled={item.isDisabled}
              onClick={() => {
                close();
                item.act();
              }}
            >
              {item.label}
              {item.shortcut && <kbd>{showShortcut(item.shortcut)}</kbd>}
            </button>
          ),
        )}
      </div>
    </>
  );
}
