import { useElementSize } from "@mantine/hooks";
import { useLocation, useNavigate } from "react-router";
import type { ReviewItem } from "../../../server/types";
import { cropUrlOf, useWarmPictures } from "../Crop";
import { useReviewContext } from "../context";
import { NothingShown } from "../frame/NothingShown";
import { ReviewFrame } from "../frame/ReviewFrame";
import { Buttons } from "./Buttons";
import { type SheetActions, sheetCommands } from "./commands";
import { countIn, DENSITIES, type Density, type Layout, layoutFor } from "./layout";
import { ReasonBar } from "./ReasonBar";
import { SheetGrid } from "./SheetGrid";
import type { SheetsState } from "./Sheets";
import { useSheetSettings } from "./settings";
import { pointedAt } from "./sheet";
import styles from "./sheet.module.css";
import { useSheets } from "./useSheets";
import { useToggle, Zoomed } from "./Zoomed";

/** `/projects/:id/review/sheet`: many masks at once, the doubtful first. */
export default function SheetPage() {
  const { project } = useReviewContext();
  const [settings, setSettings] = useSheetSettings();
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const layout = layoutFor({ width, height }, settings.density);
  const { sheets, state, kept } = useSheets(width > 0 ? countIn(layout) : 0, settings.oneClass);
  const { sheet, ahead, waiting, notice } = state;
  const actions: SheetActions = {
    sheets,
    sheet,
    columns: layout.columns,
    reasons: project.reject_reasons,
    usualReason: kept.reason ?? project.reject_reasons[0] ?? "",
    asking: useToggle(),
    zoom: useToggle(),
    fix: useFix(),
    toggleFill: () => setSettings((now) => ({ ...now, filled: !now.filled })),
    toggleOneClass: () => setSettings((now) => ({ ...now, oneClass: !now.oneClass })),
    resize: (by) => setSettings((now) => ({ ...now, density: resized(now.density, by) })),
  };
  useWarmPictures((ahead[0]?.items ?? []).map((item) => cropUrlOf(item, layout.width)));
  const bad = sheet?.marks.size ?? 0;
  return (
    <ReviewFrame
      mode="sheet"
      waiting={waiting}
      commands={sheetCommands(actions)}
      action={
        <Buttons
          settings={settings}
          toggleFill={actions.toggleFill}
          toggleOneClass={actions.toggleOneClass}
          resize={actions.resize}
          good={sheet && sheet.items.length - bad}
          bad={bad}
          accept={sheets.accept}
        />
      }
      status={<Keys oneClass={settings.oneClass} />}
    >
      <div className={styles.room} ref={ref}>
        {notice && (
          <p className={styles.notice} role="status">
            {notice}
          </p>
        )}
        <Shown
          state={state}
          actions={actions}
          layout={layout}
          filled={settings.filled}
          room={{ width, height }}
        />
      </div>
    </ReviewFrame>
  );
}

interface ShownProps {
  state: SheetsState;
  actions: SheetActions;
  layout: Layout;
  filled: boolean;
  room: { width: number; height: number };
}

function Shown({ state, actions, layout, filled, room }: ShownProps) {
  const { classes } = useReviewContext();
  const { sheets, asking, zoom, reasons, usualReason } = actions;
  const { sheet, error, waiting, asking: isAsking } = state;
  if (!sheet && isAsking) return <Loading layout={layout} />;
  if (!sheet) return <NothingShown error={error} waiting={waiting ?? 0} again={() => sheets.start()} />;
  const item = pointedAt(sheet);
  const reason = item && sheet.marks.get(item.id);
  return (
    <main>
      <SheetGrid sheets={sheets} sheet={sheet} layout={layout} filled={filled} usualReason={usualReason} />
      {zoom.on && item && (
        <Zoomed
          item={item}
          labelClass={classes.find(({ id }) => id === item.class_id)}
          reason={reason}
          filled={filled}
          room={room}
          onClose={zoom.off}
        />
      )}
      {asking.on && (
        <ReasonBar
          reasons={reasons}
          chosen={reason}
          above={sheet.at >= layout.columns * Math.ceil(layout.rows / 2)}
          onChoose={(chosen) => {
            sheets.mark(chosen);
            asking.off();
          }}
        />
      )}
    </main>
  );
}

const Loading = ({ layout }: { layout: Layout }) => (
  <div
    className={styles.grid}
    style={{ gridTemplateColumns: `repeat(${layout.columns}, minmax(0, 1fr))` }}
    role="status"
    aria-label="Loading the masks"
  >
    {Array.from({ length: countIn(layout) }, (_, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same and stay where they are
      <div key={i} className={styles.card} style={{ height: layout.height + 64 }} />
    ))}
  </div>
);

const KEYS = [
  ["← ↑ ↓ →", "move"],
  ["X", "bad"],
  ["1–9", "bad, because"],
  ["E", "fix"],
  ["Space", "enlarge"],
  ["Z", "undo"],
  ["A", "accept the rest"],
] as const;

const Keys = ({ oneClass }: { oneClass: boolean }) => (
  <>
    <span className={styles.keys}>
      {KEYS.map(([key, does]) => (
        <span key={key}>
          <kbd>{key}</kbd> {does}
        </span>
      ))}
    </span>
    <span className={styles.last}>
      {oneClass ? "One class a sheet, least certain first" : "Least certain first"}
    </span>
  </>
);

const resized = (density: Density, by: 1 | -1): Density =>
  Math.min(Math.max(density + by, 0), DENSITIES.length - 1) as Density;

/** To the editor, with this mask selected, and back to where one was. */
function useFix() {
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  return (item: ReviewItem) => {
    const query = new URLSearchParams({ object: item.id, back: pathname + search });
    void navigate(`/images/${item.image}?${query}`);
  };
}
