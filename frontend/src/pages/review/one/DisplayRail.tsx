import { IconBlob, IconBorderOuter, IconColumns2, IconScissors } from "@tabler/icons-react";
import editorStyles from "../../../ui/editor/editor.module.css";
import { DISPLAY_NAMES, DISPLAYS, type Display } from "../stage/display";

const ICONS = { fill: IconBlob, outline: IconBorderOuter, cutout: IconScissors, side: IconColumns2 };

interface DisplayRailProps {
  display: Display;
  onChoose: (display: Display) => void;
}

/** How the mask is shown; stands where the tools stand while it is fixed. */
export const DisplayRail = ({ display, onChoose }: DisplayRailProps) => (
  <div className={editorStyles.rail} role="toolbar" aria-label="Display" aria-orientation="vertical">
    {DISPLAYS.map((each) => {
      const Icon = ICONS[each];
      return (
        <button
          key={each}
          type="button"
          data-tip={`${DISPLAY_NAMES[each]} (O: the next)`}
          className={editorStyles.tool}
          aria-label={DISPLAY_NAMES[each]}
          aria-pressed={each === display}
          data-active={each === display || undefined}
          onClick={() => onChoose(each)}
        >
          <Icon size={18} aria-hidden="true" />
        </button>
      );
    })}
  </div>
);
