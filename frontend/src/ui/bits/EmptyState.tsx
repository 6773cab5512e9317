import type { ReactNode } from "react";
import classes from "./bits.module.css";

interface EmptyStateProps {
  title: string;
  /** A page that is nothing but this takes it as its only heading. */
  Heading?: "h1" | "h2";
  children: ReactNode;
  action?: ReactNode;
}

/** Nothing here yet: what this is for and what to do next. */
export const EmptyState = ({ title, Heading = "h2", children, action }: EmptyStateProps) => (
  <div className={classes.empty}>
    <Heading>{title}</Heading>
    <p>{children}</p>
    {action && <div className={classes.emptyAction}>{action}</div>}
  </div>
);
