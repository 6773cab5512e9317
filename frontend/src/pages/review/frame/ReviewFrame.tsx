import { useDisclosure } from "@mantine/hooks";
import { type ReactNode, useRef } from "react";
import { Link, useNavigate } from "react-router";
import { useProgress } from "../../../server/projects";
import { counted } from "../../../ui/bits/number";
import editorStyles from "../../../ui/editor/editor.module.css";
import { useReviewContext } from "../context";
import { FilterBar } from "../filters/FilterBar";
import { useReviewFilters } from "../filters/useReviewFilters";
import type { ReviewCommand } from "./commands";
import styles from "./frame.module.css";
import { ModeSwitch } from "./ModeSwitch";
import { MODES, type Mode } from "./modes";
import { ReviewKeys } from "./ReviewKeys";
import { useCommandKeys } from "./useCommandKeys";

interface ReviewFrameProps {
  mode: Mode["id"];
  /** How many wait in the project; undefined while that is not known. */
  waiting: number | undefined;
  /** What this mode can do, by keys. */
  commands: readonly ReviewCommand[];
  /** Something is under way that has keys of its own and must not be left by the way. */
  engaged?: boolean;
  /** The buttons at the end of the top bar; the last one is what is mostly done next. */
  action?: ReactNode;
  /** The line at the bottom. */
  status?: ReactNode;
  children: ReactNode;
}

/** What the modes of the review page have in common: where one is, which part of the queue is shown, and its keys. */
export function ReviewFrame(props: ReviewFrameProps) {
  const { mode, waiting, commands, engaged = false, action, status, children } = props;
  const { project, pace, keymap } = useReviewContext();
  const images = useProgress(project.id).data?.images.to_review ?? 0;
  const modes = useModeCommands(mode);
  const field = useRef<HTMLInputElement>(null);
  const search = { ...SEARCH, run: () => field.current?.focus() };
  const [keysOpened, keySheet] = useDisclosure(false);
  const all = [...commands, ...modes, search, { ...KEYS, run: keySheet.toggle }];
  useCommandKeys(engaged || keysOpened ? [] : all, keymap);
  return (
    <div className={styles.frame}>
      <header className={editorStyles.top}>
        <nav className={editorStyles.crumbs} aria-label="Where you are">
          <Link to={`/projects/${project.id}`}>{project.name}</Link>
          <span aria-hidden="true">›</span>
          <h1>Review</h1>
        </nav>
        <ModeSwitch mode={mode} />
        <p className={styles.figures} role="status">
          <span>{waiting === undefined ? "…" : `${waiting.toLocaleString("en")} waiting`}</span>
          {images > 0 && <span>{counted(images, "image")} to look at</span>}
          {pace.seconds !== null && <span>{pace.seconds.toFixed(1)} s a verdict</span>}
        </p>
        {action}
        {!engaged && (
          <button type="button" className={editorStyles.button} aria-label="Keys" onClick={keySheet.open}>
            ?
          </button>
        )}
      </header>
      <FilterBar disabled={engaged} field={field} />
      <div className={styles.content}>{children}</div>
      <footer className={editorStyles.status}>{status}</footer>
      <ReviewKeys opened={keysOpened} onClose={keySheet.close} commands={all} />
    </div>
  );
}

const KEYS = { id: "review.keys", group: "View", label: "Keys", keys: ["?"] };
const SEARCH = { id: "review.search", group: "View", label: "Search the queue", keys: ["/"] };

/** The other modes, each by its key; they show the same part of the queue. */
function useModeCommands(mode: Mode["id"]): ReviewCommand[] {
  const navigate = useNavigate();
  const { project } = useReviewContext();
  const { query } = useReviewFilters();
  return MODES.map(({ id, path, name, key }) => ({
    id: `review.${id}`,
    group: "View",
    label: name,
    keys: [key],
    enabled: id !== mode,
    run: () => void navigate({ pathname: `/projects/${project.id}/review/${path}`, search: query }),
  }));
}
