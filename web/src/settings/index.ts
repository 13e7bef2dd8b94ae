/** What a person likes, and the window to say so. */

import "./settings.css";

export { createPreferences, type Preferences, type PreferencesStore, shownTheme } from "./preferences";
