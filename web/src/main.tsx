import "@fontsource-variable/inter";
import "./theme/base.css";
import { type JSX, lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { formOf } from "./form/route";

// A phone that shows a form need not load the canvas.
const App = lazy(() => import("./app").then(({ App }) => ({ default: App })));
const FormApp = lazy(() => import("./form").then(({ FormApp }) => ({ default: FormApp })));

function Page(): JSX.Element {
  const form = formOf(location);
  return <Suspense>{form === undefined ? <App /> : <FormApp name={form} />}</Suspense>;
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Page />
    </StrictMode>,
  );
}
