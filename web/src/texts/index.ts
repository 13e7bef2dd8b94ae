/** The texts of the editor in one language; another one is another object of the same shape. */

export { english as texts } from "./english";
