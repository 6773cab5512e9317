import { useQueries } from "@tanstack/react-query";
import { type Choice, choose } from "../../editor/conflicts";
import type { Photo } from "../../render/TiledPhoto";
import { annotationHistory } from "../../server/annotations";
import { keys } from "../../server/keys";
import type { Conflict } from "../../sync/rebase";
import { Conflicts } from "../../ui/editor/Conflicts";
import { useEditor } from "../../ui/editor/useEditor";
import type { EditSession } from "./session";

interface ImageConflictsProps {
  session: EditSession;
  photo: Photo | null;
}

/** What others changed of the same objects, and what is chosen of it. */
export function ImageConflicts({ session: { editor, outbox }, photo }: ImageConflictsProps) {
  const conflicts = useEditor(editor, (snapshot) => snapshot.conflicts);
  const deleters = useDeleters(conflicts);
  const decide = (conflict: Conflict, choice: Choice) => {
    // From here on ours lies on top of theirs; what is made of it now is an edit like any other.
    outbox.resolve(conflict.id);
    choose(editor, conflict, choice);
  };
  return (
    <Conflicts editor={editor} conflicts={conflicts} photo={photo} deleters={deleters} onChoose={decide} />
  );
}

/** The names of those who deleted what we edited, by its id, as far as the history tells. */
function useDeleters(conflicts: readonly Conflict[]): ReadonlyMap<string, string> {
  const deleted = conflicts.filter(({ theirs }) => !theirs).map(({ id }) => id);
  const histories = useQueries({
    queries: deleted.map((id) => ({
      queryKey: [...keys.history(id), "newest"],
      queryFn: () => annotationHistory(id),
    })),
  });
  return new Map(
    deleted.flatMap((id, i) => {
      const by = histories[i]?.data?.results.find(({ kind }) => kind === "deleted")?.by;
      return by ? [[id, by.name] as const] : [];
    }),
  );
}
