import type { ReactNode } from "react";
import styles from "./editor.module.css";

interface BannerProps {
  tone: "info" | "warn" | "bad";
  children: ReactNode;
  actions?: ReactNode;
}

/** A sentence across the top of the canvas, for as long as it is true. */
export const Banner = ({ tone, children, actions }: BannerProps) => (
  <div className={styles.banner} data-tone={tone} role={tone === "bad" ? "alert" : "status"}>
    <span>{children}</span>
    {actions}
  </div>
);
