/** The form as a page of its own: it needs what runs and what a person likes, and nothing of the editor. */

import { type JSX, useState } from "react";
import { api } from "../api";
import { createRunning, RunningProvider } from "../running";
import { createPreferences } from "../settings/preferences";
import { createWidgetEnvironment, WidgetProvider } from "../widgets";
import { FormPage } from "./FormPage";

export function FormApp({ name }: { readonly name: string }): JSX.Element {
  const [running] = useState(() => createRunning(api));
  useState(() => createPreferences(localStorage));
  const [widgets] = useState(createWidgetEnvironment);
  return (
    <RunningProvider service={running}>
      <WidgetProvider value={widgets}>
        <FormPage name={name} />
      </WidgetProvider>
    </RunningProvider>
  );
}
