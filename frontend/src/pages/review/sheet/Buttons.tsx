import { IconBorderOuter, IconStack2, IconZoomIn, IconZoomOut, type TablerIcon } from "@tabler/icons-react";
import editorStyles from "../../../ui/editor/editor.module.css";
import type { SheetSettings } from "./settings";

interface ToggleProps {
  icon: TablerIcon;
  label: string;
  keys: string;
  onPress: () => void;
  pressed?: boolean;
}

const Toggle = ({ icon: Icon, label, keys, onPress, pressed }: ToggleProps) => (
  <button
    type="button"
    data-tip={`${label} (${keys})`}
    className={editorStyles.button}
    aria-label={label}
    aria-keyshortcuts={keys}
    aria-pressed={pressed}
    data-active={pressed || undefined}
    onClick={onPress}
  >
    <Icon size={16} aria-hidden="true" />
  </button>
);

interface ButtonsProps {
  settings: SheetSettings;
  toggleFill: () => void;
  toggleOneClass: () => void;
  resize: (by: 1 | -1) => void;
  /** How many of the sheet are not marked; null while there is no sheet. */
  good: number | null;
  bad: number;
  accept: () => void;
}

/** What stands at the end of the top bar: how the sheet looks, and the verdict on it. */
export const Buttons = ({
  settings,
  toggleFill,
  toggleOneClass,
  resize,
  good,
  bad,
  accept,
}: ButtonsProps) => (
  <>
    <Toggle
      icon={IconBorderOuter}
      label="Only the outline"
      keys="O"
      pressed={!settings.filled}
      onPress={toggleFill}
    />
    <Toggle
      icon={IconStack2}
      label="One class a sheet"
      keys="G"
      pressed={settings.oneClass}
      onPress={toggleOneClass}
    />
    <Toggle icon={IconZoomOut} label="More and smaller" keys="-" onPress={() => resize(-1)} />
    <Toggle icon={IconZoomIn} label="Fewer and larger" keys="+" onPress={() => resize(1)} />
    <button
      type="button"
      className={editorStyles.primary}
      aria-disabled={good === null}
      aria-keyshortcuts="A"
      onClick={accept}
    >
      {acceptWord(good, bad)} <kbd aria-hidden>A</kbd>
    </button>
  </>
);

function acceptWord(good: number | null, bad: number): string {
  if (good === null) return "Accept";
  if (bad === 0) return good === 1 ? "Accept it" : `Accept all ${good}`;
  return good === 0 ? `Reject ${bad}` : `Accept the other ${good}`;
}
