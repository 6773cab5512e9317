import type { ReactNode } from "react";
import classes from "./quality.module.css";

interface CardProps {
  title: string;
  /** What the figures mean, in a sentence. */
  note: ReactNode;
  /** A picture of the table; screen readers get the table alone. */
  chart?: ReactNode;
  children: ReactNode;
}

/** A chart and the table that it is drawn from, side by side. */
export const Card = ({ title, note, chart, children }: CardProps) => (
  <section className={classes.card} aria-label={title}>
    <h2>{title}</h2>
    <p className={classes.note}>{note}</p>
    <div className={classes.sides}>
      {chart && (
        <div className={classes.chart} aria-hidden="true">
          {chart}
        </div>
      )}
      <div className={classes.figures}>{children}</div>
    </div>
  </section>
);
