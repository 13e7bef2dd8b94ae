import { later } from "../widgets/later";

/** A picture, large. */
export const Viewer = later(async () => (await import("./Viewer")).Viewer);
