import type { CSSProperties } from "react";
import classes from "./bits.module.css";

export interface BarPart {
  value: number;
  tone: "ok" | "warn" | "bad" | "accent" | "muted";
}

interface BarProps {
  label: string;
  total: number;
  parts: BarPart[];
}

/** A stacked progress bar; for screen readers its value is the first part's. */
export function Bar({ label, total, parts }: BarProps) {
  const first = parts[0]?.value ?? 0;
  return (
    <div
      className={classes.bar}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={first}
      aria-valuetext={`${first} of ${total}`}
    >
      {parts.map(({ value, tone }) => (
        <span key={tone} style={style(total > 0 ? value / total : 0, tone)} />
      ))}
    </div>
  );
}

const style = (share: number, tone: string): CSSProperties =>
  ({ width: `${share * 100}%`, "--tone": `var(--${tone})` }) as CSSProperties;
