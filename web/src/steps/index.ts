/** Walking through the iterations of a loop after a run, or while it runs. */

import "./steps.css";

export { StepSlider } from "./StepSlider";
