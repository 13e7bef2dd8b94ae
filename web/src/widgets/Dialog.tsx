import { X } from "lucide-react";
import {
  type JSX,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type RefObject,
  type SyntheticEvent,
  useEffect,
  useId,
  useRef,
} from "react";
import { texts } from "../texts";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Shown at the end: the buttons. */
  readonly foot?: ReactNode;
  readonly size?: "small" | "medium" | "large";
}

/** Attributes of a `<dialog>` that keeps the focus while it is there. */
export interface Modal {
  readonly ref: RefObject<HTMLDialogElement | null>;
  readonly onCancel: (event: SyntheticEvent) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onPointerDown: (event: PointerEvent) => void;
}

/** Makes a `<dialog>` modal: Escape and a click beside it close it, the focus goes back, keys in it stay in it. */
export function useModal(onClose: () => void): Modal {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    const before = document.activeElement;
    shown?.showModal();
    (shown?.querySelector<HTMLElement>("input:not([hidden]), textarea") ?? shown)?.focus();
    return () => {
      shown?.close();
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  return {
    ref: dialog,
    onCancel: (event) => {
      event.preventDefault();
      onClose();
    },
    // By the key: a `<dialog>` that once stayed open lets itself be closed by the second Escape, whatever is said to it.
    onKeyDown: (event) => {
      event.stopPropagation();
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      onClose();
    },
    onPointerDown: (event) => {
      event.stopPropagation();
      if (event.target === dialog.current) onClose();
    },
  };
}

/** A modal window with a title. */
export function Dialog({ title, onClose, children, foot, size = "medium" }: DialogProps): JSX.Element {
  const modal = useModal(onClose);
  const id = useId();
  return (
    <dialog {...modal} tabIndex={-1} className="dialog nodrag nowheel nopan" data-size={size} aria-labelledby={id}>
      <div className="dialog-sheet">
        <header>
          <h2 id={id}>{title}</h2>
          <button type="button" className="button" aria-label={texts.close} title={texts.close} onClick={onClose}>
            <X size={16} />
          </button>
        </header>
        <div className="dialog-body">{children}</div>
        {foot && <footer>{foot}</footer>}
      </div>
    </dialog>
  );
}
