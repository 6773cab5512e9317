import { useEffect, useRef, useState } from "react";
import { sentenceOf } from "../../server/problem";
import type { Comment, Thread as ThreadData } from "../../server/types";
import { RelativeTime } from "../bits/RelativeTime";
import { Composer } from "./Composer";
import styles from "./comments.module.css";
import { written } from "./drafts";
import { isOpen, type Numbered } from "./places";
import type { Comments } from "./useComments";

interface ThreadProps {
  of: Numbered;
  comments: Comments;
  /** What it is about: "Sheep 2", "a deleted object", or nothing. */
  about: string | null;
}

/** One thread: what was said first and, when it is looked at, the answers and a place for one's own. */
export function Thread({ of: { thread, number }, comments, about }: ThreadProps) {
  const { current, open, unread } = comments;
  const looked = current === thread.id;
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    if (looked) element.current?.scrollIntoView({ block: "nearest" });
  }, [looked]);
  const answers = thread.replies.length;
  return (
    <article
      ref={element}
      className={styles.thread}
      aria-label={`Thread ${number}`}
      data-current={looked || undefined}
      data-resolved={!isOpen(thread) || undefined}
    >
      <button
        type="button"
        className={styles.head}
        aria-expanded={looked}
        onClick={() => open(looked ? null : thread.id)}
      >
        <span className={styles.number} data-kind={thread.kind}>
          {number}
        </span>
        <span className={styles.about}>
          {thread.kind === "missing"
            ? "Missing object"
            : (about ?? (thread.x === null ? "The image" : "A place"))}
        </span>
        {unread.has(thread.id) && <span className={styles.new}>new</span>}
        {!looked && hasDraft(thread, comments) && <span className={styles.new}>unfinished</span>}
        {!isOpen(thread) && <span className={styles.muted}>resolved</span>}
        {!looked && answers > 0 && (
          <span className={styles.muted}>{answers === 1 ? "1 answer" : `${answers} answers`}</span>
        )}
      </button>
      <Said comment={thread} comments={comments} whole={looked} deletable={answers === 0} />
      {looked &&
        thread.replies.map((reply) => (
          <Said key={reply.id} comment={reply} comments={comments} whole deletable />
        ))}
      {looked && <Ending thread={thread} comments={comments} />}
    </article>
  );
}

/** Whether an answer, or other words for what was said, are begun. */
function hasDraft({ id, replies }: ThreadData, { drafts }: Comments): boolean {
  const own = [`answer:${id}`, ...[id, ...replies.map((reply) => reply.id)].map((said) => `edit:${said}`)];
  return drafts.slots().some((slot) => own.includes(slot));
}

function Ending({
  thread,
  comments: { canWrite, actions, drafts },
}: {
  thread: ThreadData;
  comments: Comments;
}) {
  const settled = thread.resolved_by && thread.resolved_at && (
    <p className={styles.muted}>
      {thread.resolved_by.name} resolved this <RelativeTime at={thread.resolved_at} />
    </p>
  );
  if (!canWrite) return settled;
  return (
    <>
      {settled}
      <Composer
        label="Answer"
        verb="Answer"
        draft={written(drafts, `answer:${thread.id}`)}
        onSend={(text) => actions.reply(thread.id, text)}
        beside={<Resolve thread={thread} resolve={actions.resolve} />}
      />
    </>
  );
}

interface ResolveProps {
  thread: ThreadData;
  resolve: Comments["actions"]["resolve"];
}

function Resolve({ thread, resolve }: ResolveProps) {
  const open = isOpen(thread);
  const [failed, setFailed] = useState(false);
  const onClick = () => {
    setFailed(false);
    resolve(thread.id, open).catch(() => setFailed(true));
  };
  return (
    <>
      <button type="button" className={styles.resolve} onClick={onClick}>
        {open ? "Resolve" : "Open again"}
      </button>
      {failed && (
        <p role="alert" className={styles.problem}>
          That did not reach the server. Try again.
        </p>
      )}
    </>
  );
}

interface SaidProps {
  comment: Comment | ThreadData;
  comments: Comments;
  whole: boolean;
  deletable: boolean;
}

/** What one person has said; their own they can change and take back. */
function Said({ comment, comments: { me, actions, canWrite, drafts }, whole, deletable }: SaidProps) {
  const slot = `edit:${comment.id}`;
  const [editing, setEditing] = useState(() => drafts.read(slot) !== null);
  const own = canWrite && comment.by.id === me.id && whole;
  const [problem, setProblem] = useState<string | null>(null);
  const remove = () => {
    setProblem(null);
    actions.remove(comment.id).catch((error: unknown) => setProblem(sentenceOf(error)));
  };
  const change = (text: string) => actions.edit(comment.id, text).then(() => setEditing(false));
  return (
    <div className={styles.said}>
      <p className={styles.who}>
        <b>{comment.by.name}</b> <RelativeTime at={comment.at} />
        {comment.edited_at && <span> · edited</span>}
        {own && !editing && (
          <span className={styles.own}>
            <button type="button" className={styles.quiet} onClick={() => setEditing(true)}>
              Edit
            </button>
            {deletable && (
              <button type="button" className={styles.quiet} onClick={remove}>
                Delete
              </button>
            )}
          </span>
        )}
      </p>
      {problem && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      {editing && own ? (
        <Composer
          label="In other words"
          verb="Save"
          text={comment.text}
          draft={written(drafts, slot)}
          focused
          onSend={change}
          onCancel={() => setEditing(false)}
        />
      ) : (
        <p className={styles.text} data-whole={whole || undefined}>
          {comment.text}
        </p>
      )}
    </div>
  );
}
