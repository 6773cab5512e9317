import { Button } from "@mantine/core";
import { maskArea } from "../../geometry/mask";
import type { Comparison } from "../../model/compare";
import { ProblemNotice } from "../bits/Notice";
import { count } from "../bits/number";
import { ADDED, REMOVED } from "../compare/ComparisonCanvas";
import styles from "./history.module.css";

interface VersionProps {
  /** From how the object is now to how it was then. */
  comparison: Comparison;
  isPresent: boolean;
  mayRestore: boolean;
  bringBack: (() => void) | undefined;
  error: Error | null;
}

/** How many pixels would come and go if the version came back, and the button that brings it. */
export function Version(props: VersionProps) {
  const { comparison, isPresent, mayRestore, bringBack, error } = props;
  return (
    <>
      <p className={styles.legend}>
        {isPresent ? "This is how it is now." : <Changes comparison={comparison} />}
      </p>
      {error && <ProblemNotice error={error} />}
      {mayRestore && (
        <Button disabled={!bringBack} onClick={bringBack} rightSection={<kbd>Enter</kbd>}>
          Restore this version
        </Button>
      )}
    </>
  );
}

const Changes = ({ comparison: { added, removed, iou } }: Pick<VersionProps, "comparison">) => (
  <>
    <span>
      <i style={{ background: ADDED }} /> {count(maskArea(added))} px would come
    </span>
    <span>
      <i style={{ background: REMOVED }} /> {count(maskArea(removed))} px would go
    </span>
    <span>IoU with now {iou.toFixed(3)}</span>
  </>
);
