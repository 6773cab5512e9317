import type { ReactNode } from "react";
import { Wordmark } from "../../ui/shell/Wordmark";
import classes from "./login.module.css";

interface FrameProps {
  title: string;
  lead?: string;
  children: ReactNode;
}

export const Frame = ({ title, lead, children }: FrameProps) => (
  <main className={classes.page}>
    <Wordmark />
    <div className={classes.card}>
      <h1>{title}</h1>
      {lead && <p className={classes.lead}>{lead}</p>}
      {children}
    </div>
  </main>
);
