import { localStorageColorSchemeManager } from "@mantine/core";

/** index.html reads the same key before anything is painted. */
export const schemeManager = localStorageColorSchemeManager({ key: "maskwright-colour-scheme" });
