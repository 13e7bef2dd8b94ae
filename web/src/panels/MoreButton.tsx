import { Ellipsis } from "lucide-react";
import type { JSX, MouseEvent } from "react";
import { useEditor } from "../state/editor";
import type { MenuItem } from "../state/ui";

interface MoreButtonProps {
  readonly label: string;
  readonly items: () => readonly MenuItem[];
}

/** Opens, below itself, the menu of the row that it stands in. */
export function MoreButton({ label, items }: MoreButtonProps): JSX.Element {
  const editor = useEditor();
  const open = (event: MouseEvent<HTMLElement>): void => {
    const { left, bottom } = event.currentTarget.getBoundingClientRect();
    editor.ui.setState({ menu: { screen: { x: left, y: bottom + 4 }, items: items() } });
  };
  return (
    <button type="button" className="row-more" aria-label={label} title={label} aria-haspopup="menu" onClick={open}>
      <Ellipsis size={13} />
    </button>
  );
}
