import { useState } from "react";
import { useImage } from "../../../server/images";
import { useReviewList } from "../../../server/review";
import type { Annotation, ReviewItem } from "../../../server/types";
import editorStyles from "../../../ui/editor/editor.module.css";
import { Failed, Skeleton } from "../../editor/Around";
import { usePhoto } from "../../editor/usePhoto";
import { useReviewContext } from "../context";
import { useReviewFilters } from "../filters/useReviewFilters";
import { NothingShown } from "../frame/NothingShown";
import { ReviewFrame } from "../frame/ReviewFrame";
import type { Display } from "../stage/display";
import { ReviewStage } from "../stage/ReviewStage";
import { useItemEditor } from "../stage/useItemEditor";
import { compareCommands, steps, viewCommands } from "./commands";
import { DisplayRail } from "./DisplayRail";
import { ItemChecks } from "./ItemChecks";
import { ItemPanel } from "./ItemPanel";
import { KeyButton } from "./KeyButton";
import styles from "./one.module.css";
import { useWas } from "./useSentBack";

/** What was judged and stands so now, one after the other, to be looked at. */
export function JudgedPage() {
  const { project } = useReviewContext();
  const { filters, verdict, query } = useReviewFilters();
  const list = useReviewList(project.id, { ...filters, verdict });
  const [place, setPlace] = useState({ query, at: 0 });
  const at = place.query === query ? place.at : 0;
  const rows = list.data?.pages.flatMap(({ results }) => results) ?? [];
  const shown = rows[at];
  const waiting = list.data?.pages[0]?.waiting;
  const go = (to: number) => {
    setPlace({ query, at: Math.max(0, Math.min(to, rows.length - 1)) });
    if (to >= rows.length - 2 && list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  };
  if (list.isPending) return <Skeleton />;
  if (!shown)
    return (
      <ReviewFrame mode="one" waiting={waiting} commands={[]}>
        <NothingShown error={list.error} waiting={waiting ?? 0} again={() => void list.refetch()} />
      </ReviewFrame>
    );
  const position = `${at + 1} of ${rows.length}${list.hasNextPage ? " or more" : ""}`;
  return <Judged annotation={shown} waiting={waiting} position={position} at={at} go={go} />;
}

interface JudgedProps {
  annotation: Annotation;
  waiting: number | undefined;
  position: string;
  at: number;
  go: (to: number) => void;
}

function Judged({ annotation, ...around }: JudgedProps) {
  const image = useImage(annotation.image);
  if (!image.data && image.error) return <Failed error={image.error} retry={() => void image.refetch()} />;
  if (!image.data) return <Skeleton />;
  return <JudgedItem item={{ ...annotation, image_detail: image.data, approved: false }} {...around} />;
}

function JudgedItem({
  item,
  waiting,
  position,
  at,
  go,
}: Omit<JudgedProps, "annotation"> & { item: ReviewItem }) {
  const [display, setDisplay] = useState<Display>("fill");
  const [comparing, setComparing] = useState(false);
  const was = useWas(item);
  const editor = useItemEditor(item, useReviewContext());
  const photo = usePhoto(item.image_detail);
  const walking = steps(
    () => go(at + 1),
    () => go(at - 1),
  );
  const [next, back] = walking;
  return (
    <ReviewFrame
      mode="one"
      waiting={waiting}
      commands={[
        ...walking,
        ...viewCommands({ display, setDisplay, editor }),
        ...compareCommands(was !== null, { comparing, setComparing }),
      ]}
      status={<span>Judged already: to be looked at only</span>}
      action={
        <>
          <KeyButton command={back} label="Back" />
          <span>{position}</span>
          <KeyButton command={next} label="Next" />
        </>
      }
    >
      <div className={styles.page}>
        <DisplayRail display={display} onChoose={setDisplay} />
        <main className={editorStyles.main}>
          <ReviewStage
            editor={editor}
            item={item}
            photo={photo.element}
            display={display}
            was={comparing ? was : null}
          />
        </main>
        <aside className={editorStyles.side} aria-label="What was judged">
          <ItemPanel item={item} given={undefined} />
          {/* To be read only: a fix would be an edit of what has its verdict, and send it to the queue again. */}
          <ItemChecks editor={editor} id={item.id} onFix={undefined} />
        </aside>
      </div>
    </ReviewFrame>
  );
}
