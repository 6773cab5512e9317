import { Button, Group, Popover, RangeSlider } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import styles from "./filters.module.css";
import type { FilteredView } from "./useReviewFilters";

const MARKS = [0, 0.25, 0.5, 0.75, 1].map((value) => ({ value, label: value }));

/** A band of known confidences, both ends included, or what has none yet. What the address says is shown, also where it cannot be. */
export function ConfidenceFilter({ view, disabled }: { view: FilteredView; disabled: boolean }) {
  const { confidence_min: least, confidence_max: most, confidence_unknown: unknown } = view.filters;
  const on = least !== undefined || most !== undefined || unknown !== undefined;
  const named = unknown ? "not assessed yet" : `${least ?? 0} to ${most ?? 1}`;
  return (
    <Popover position="bottom-start" trapFocus shadow="md">
      <Popover.Target>
        <button type="button" className={styles.chip} data-on={on || undefined} disabled={disabled}>
          <span>{on ? `Confidence: ${named}` : "Confidence"}</span>
          <IconChevronDown size={14} aria-hidden="true" />
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <Band
          band={[Number(least ?? 0) || 0, Number(most ?? 1) || 1]}
          onBand={([from, to]) =>
            view.narrow({
              confidence_min: from > 0 ? String(from) : undefined,
              confidence_max: to < 1 ? String(to) : undefined,
              confidence_unknown: undefined,
            })
          }
          onUnknown={() =>
            view.narrow({
              confidence_min: undefined,
              confidence_max: undefined,
              confidence_unknown: "true",
            })
          }
        />
      </Popover.Dropdown>
    </Popover>
  );
}

interface BandProps {
  band: [number, number];
  onBand: (band: [number, number]) => void;
  onUnknown: () => void;
}

function Band({ band, onBand, onUnknown }: BandProps) {
  const [shown, setShown] = useState(band);
  return (
    <div className={styles.band}>
      <RangeSlider
        min={0}
        max={1}
        step={0.01}
        minRange={0}
        marks={MARKS}
        label={(value) => value.toFixed(2)}
        thumbFromLabel="Least confidence"
        thumbToLabel="Most confidence"
        value={shown}
        onChange={setShown}
      />
      <Group justify="space-between" mt={32}>
        <span>
          {shown[0].toFixed(2)} to {shown[1].toFixed(2)}
        </span>
        <Button size="compact-sm" onClick={() => onBand(shown)}>
          Show these
        </Button>
      </Group>
      <Button size="compact-sm" variant="default" fullWidth mt={8} onClick={onUnknown}>
        Only objects that are not assessed yet
      </Button>
    </div>
  );
}
