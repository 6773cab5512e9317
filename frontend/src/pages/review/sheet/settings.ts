import { useLocalStorage } from "@mantine/hooks";
import { DENSITIES, type Density, USUAL } from "./layout";

/** How a person likes their sheets, in this browser. */
export interface SheetSettings {
  readonly density: Density;
  readonly oneClass: boolean;
  readonly filled: boolean;
}

const USUAL_SETTINGS: SheetSettings = { density: USUAL, oneClass: false, filled: true };

/** Another version may have written it, so nothing is taken on trust. */
function understood(stored: string | undefined): SheetSettings {
  try {
    const { density, oneClass, filled } = JSON.parse(stored ?? "{}");
    const known = DENSITIES[density] !== undefined;
    return { density: known ? density : USUAL, oneClass: oneClass === true, filled: filled !== false };
  } catch {
    return USUAL_SETTINGS;
  }
}

export const useSheetSettings = () =>
  useLocalStorage<SheetSettings>({
    key: "maskwright:sheet",
    defaultValue: USUAL_SETTINGS,
    deserialize: understood,
    getInitialValueInEffect: false,
  });
