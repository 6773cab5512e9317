import { Button } from "@mantine/core";
import { maskArea } from "../../geometry/mask";
import type { Comparison } from "../../model/compare";
import type { Photo } from "../../render/TiledPhoto";
import { ProblemNotice } from "../bits/Notice";
import { count } from "../bits/number";
import { ADDED, ComparisonCanvas, REMOVED } from "../compare/ComparisonCanvas";
import styles from "./history.module.css";

interface VersionProps {
  /** From how the object is now to how it was then. */
  comparison: Comparison;
  photo: Photo | null;
  isPresent: boolean;
  mayRestore: boolean;
  bringBack: (() => void) | undefined;
  /** With a picture; without one the version is on show elsewhere. */
  drawn: boolean;
  error: Error | null;
}

/** A version over the photograph, with the pixels that would come and go if it came back. */
export function Version(props: VersionProps) {
  const { comparison, photo, isPresent, mayRestore, bringBack, drawn, error } = props;
  return (
    <div className={styles.version}>
      {drawn && (
        <ComparisonCanvas
          label="The version over the photograph"
          {...{ comparison, photo }}
          shown="changes"
          width={1040}
          height={720}
        />
      )}
      <p className={styles.legend}>
        {isPresent ? "This is how it is now." : <Changes comparison={comparison} />}
      </p>
      {error && <ProblemNotice error={error} />}
      {mayRestore && (
        <Button disabled={!bringBack} onClick={bringBack} rightSection={<kbd>Enter</kbd>}>
          Restore this version
        </Button>
      )}
    </div>
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
