import type { ReactNode } from "react";
import classes from "./bits.module.css";

interface EmptyStateProps {
  title: string;
  children: ReactNode;
  action?: ReactNode;
}

/** Nothing here yet: what this is for and what to do next. */
export const EmptyState = ({ title, children, action }: EmptyStateProps) => (
  <div className={classes.empty}>
    <h2>{title}</h2>
    <p>{children}</p>
    {action && <div className={classes.emptyAction}>{action}</div>}
  </div>
);
