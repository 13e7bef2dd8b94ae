/** What every field is given. */

import type { Literal } from "../document";

export interface FieldProps {
  /** Of the element that a label names. */
  readonly id?: string | undefined;
  /** Its name for people; screen readers hear it. */
  readonly label: string;
  readonly value: Literal;
  readonly onChange: (value: Literal) => void;
  /** The user is done with this edit: what comes next is another one. */
  readonly onEnd: () => void;
  /** One row on a node, its label inside; else the label stands above. */
  readonly isCompact: boolean;
  readonly isDisabled: boolean;
  /** What is wrong with the value; empty when nothing is. */
  readonly fault: string;
  /** Id of the element that says more about it. */
  readonly describedBy: string | undefined;
}

/** The attributes that tell assistive technology of a field's state. */
export function ariaOf({ id, label, fault, describedBy }: FieldProps): {
  readonly id: string | undefined;
  readonly "aria-label": string;
  readonly "aria-invalid": true | undefined;
  readonly "aria-describedby": string | undefined;
} {
  return { id, "aria-label": label, "aria-invalid": fault !== "" || undefined, "aria-describedby": describedBy };
}
