import { Skeleton } from "@mantine/core";
import { useState } from "react";
import { ProblemNotice } from "../bits/Notice";
import styles from "./comments.module.css";
import { isOpen, type Numbered } from "./places";
import { Thread } from "./Thread";
import type { Comments } from "./useComments";

interface CommentListProps {
  comments: Comments;
  /** The name of what a thread is about. */
  nameOf: (annotation: string) => string;
  /** What to say where there is nothing yet. */
  empty: string;
}

/** The threads of an image: the open ones, then those that are resolved, on demand. */
export function CommentList({ comments, nameOf, empty }: CommentListProps) {
  const { threads, error, retry, current } = comments;
  const [all, setAll] = useState(false);
  if (error && !threads)
    return (
      <div className={styles.state}>
        <ProblemNotice error={error} retry={retry} />
      </div>
    );
  if (!threads)
    return (
      <div className={styles.state}>
        <Skeleton h={72} radius="md" />
      </div>
    );
  if (threads.length === 0) return <p className={styles.empty}>{empty}</p>;
  const resolved = threads.filter(({ thread }) => !isOpen(thread));
  const shown = ({ thread }: Numbered) => all || isOpen(thread) || thread.id === current;
  return (
    <div className={styles.list}>
      {threads.filter(shown).map((of) => (
        <Thread
          key={of.thread.id}
          of={of}
          comments={comments}
          about={of.thread.annotation && nameOf(of.thread.annotation)}
        />
      ))}
      {resolved.length === threads.length && !all && <p className={styles.empty}>Everything is resolved.</p>}
      {resolved.length > 0 && (
        <button type="button" className={styles.quiet} aria-pressed={all} onClick={() => setAll(!all)}>
          {all ? "Hide what is resolved" : `Show ${resolved.length} resolved`}
        </button>
      )}
    </div>
  );
}
