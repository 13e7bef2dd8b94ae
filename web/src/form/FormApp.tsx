/** The form as a page of its own: it needs what runs and what a person likes, and nothing of the editor. */

import { type JSX, useState } from "react";
import { api } from "../api";
import { createRunning, RunningProvider } from "../running";
import { createPreferences } from "../settings/preferences";
import { FormPage } from "./FormPage";

export function FormApp({ name }: { readonly name: string }): JSX.Element {
  const [running] = useState(() => createRunning(api));
  useState(() => createPreferences(localStorage));
  return (
    <RunningProvider service={running}>
      <FormPage name={name} />
    </RunningProvider>
  );
}
