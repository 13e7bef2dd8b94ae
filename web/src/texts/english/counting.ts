import { countingIn } from "../counting";

export const english = countingIn("en");
