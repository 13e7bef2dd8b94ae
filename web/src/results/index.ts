/** Results: of the last run, of all runs as pictures, and the jobs themselves. */

import "./results.css";

export * from "./desk";
export { FILE_DRAG, filesOf, fileValue } from "./files";
export { showAge, showBytes, showDuration, showValue } from "./format";
export { JobFault } from "./JobFault";
export { IconButton, JobProgress, JobState, SureButton, Thumbnail } from "./parts";
export { LivePicture, ResultsPanel } from "./ResultsPanel";
export { recordOf } from "./record";
export { Viewer } from "./viewing";
