import type { CSSProperties, ReactNode } from "react";
import classes from "./bits.module.css";

export type ChipTone = "ok" | "warn" | "bad" | "accent" | "muted";

interface ChipProps {
  tone?: ChipTone;
  /** An open ring: waiting, nothing done yet. */
  hollow?: boolean;
  children: ReactNode;
}

/** A state: a dot and a word, so that colour alone never carries it. */
export const Chip = ({ tone = "muted", hollow = false, children }: ChipProps) => (
  <span className={classes.chip} style={{ "--tone": `var(--${tone})` } as CSSProperties}>
    <i data-hollow={hollow || undefined} aria-hidden="true" />
    {children}
  </span>
);
