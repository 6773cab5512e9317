import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Problem, sentenceOf } from "../../server/problem";
import { UnsentHere } from "../../ui/unsent/UnsentHere";
import styles from "./around.module.css";

/** The editor's frame while the image is on its way: nothing moves when it arrives. */
export const Skeleton = () => (
  <div className={styles.skeleton} role="status" aria-label="Opening the image">
    <div className={styles.top} />
    <div className={styles.rail} />
    <div className={styles.canvas} />
    <div className={styles.side} />
    <div className={styles.status} />
  </div>
);

interface MessageProps {
  title: string;
  children: ReactNode;
  actions: ReactNode;
  more?: ReactNode;
}

/** A page with one thing to say, instead of the editor. */
export const Message = ({ title, children, actions, more }: MessageProps) => (
  <main className={styles.message}>
    <h1>{title}</h1>
    <p>{children}</p>
    <div>{actions}</div>
    {more}
  </main>
);

interface FailedProps {
  error: unknown;
  retry: () => void;
  /** What could not be opened. */
  what?: string;
  /** The image that it would have been. */
  image?: string;
}

export function Failed({ error, retry, what = "image", image }: FailedProps) {
  const missing = error instanceof Problem && error.status === 404;
  return (
    <Message
      title={missing ? `There is no such ${what}` : `The ${what} cannot be opened`}
      actions={
        <>
          <Button onClick={retry}>Try again</Button>
          <Button variant="default" component={Link} to="/">
            Home
          </Button>
        </>
      }
      more={image && <UnsentHere image={image} />}
    >
      {missing ? "It may have been deleted, or you may not see its project." : sentenceOf(error)}
    </Message>
  );
}
