import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import type { Unsent } from "../../sync/unsent";
import type { Waiting } from "../../sync/waiting";
import { counted } from "../bits/number";
import { RelativeTime } from "../bits/RelativeTime";
import { DraftPreview } from "./DraftPreview";
import { askToDiscard, downloadDraft } from "./draft";
import styles from "./unsent.module.css";
import { contentOf, reasonFor } from "./words";

interface UnsentItemProps {
  unsent: Unsent;
  waiting: Waiting;
  onLeave: () => void;
}

const SMALL = { width: 120, height: 80 };
const LARGE = { width: 648, height: 400 };

/** The edits of one image: what they are, why they are still here, and what can be done about it. */
export function UnsentItem({ unsent, waiting, onLeave }: UnsentItemProps) {
  const [large, setLarge] = useState(false);
  const { name, project, count, at } = waiting;
  return (
    <li className={styles.item} data-large={large || undefined}>
      <button
        type="button"
        className={styles.look}
        aria-expanded={large}
        aria-label={`Look at the edits of ${name}`}
        onClick={() => setLarge(!large)}
      >
        <DraftPreview waiting={waiting} {...(large ? LARGE : SMALL)} />
      </button>
      <div className={styles.text}>
        <h3>{name}</h3>
        <p className={styles.sub}>
          {project} · {counted(count, "edit")} · <RelativeTime at={new Date(at).toISOString()} />
        </p>
        <p>{contentOf(waiting)}</p>
        <p className={styles.reason}>{reasonFor(waiting)}</p>
        {!waiting.held && <Actions unsent={unsent} waiting={waiting} onLeave={onLeave} />}
      </div>
    </li>
  );
}

function Actions({ unsent, waiting, onLeave }: UnsentItemProps) {
  const { image, name, edits, why } = waiting;
  const [busy, setBusy] = useState(false);
  const tryNow = async () => {
    setBusy(true);
    await unsent.tryNow(image);
    setBusy(false);
  };
  const discard = () => askToDiscard(`The edits of ${name} are given up.`, () => void unsent.discard(image));
  return (
    <div className={styles.actions}>
      <Button size="compact-sm" variant="default" component={Link} to={`/images/${image}`} onClick={onLeave}>
        Open
      </Button>
      {why?.cure !== "choose" && (
        <Button size="compact-sm" variant="default" loading={busy} onClick={tryNow}>
          Try now
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={() => downloadDraft(waiting, edits)}>
        Download
      </Button>
      <Button size="compact-sm" variant="default" onClick={discard}>
        Discard
      </Button>
    </div>
  );
}
