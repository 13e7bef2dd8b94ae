import "@xyflow/react/dist/base.css";
import "./theme/base.css";
import "./app/app.css";
import "./canvas/canvas.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
