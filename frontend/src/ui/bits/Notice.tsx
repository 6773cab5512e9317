import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import type { CSSProperties, ReactNode } from "react";
import { sentenceOf } from "../../server/problem";
import classes from "./bits.module.css";

type Tone = "ok" | "warn" | "bad" | "info";

const ICONS = { ok: IconCircleCheck, warn: IconAlertTriangle, bad: IconAlertTriangle, info: IconInfoCircle };

interface NoticeProps {
  tone: Tone;
  children: ReactNode;
  action?: ReactNode;
}

/** A sentence inside the page; read out when it appears. */
export function Notice({ tone, children, action }: NoticeProps) {
  const Icon = ICONS[tone];
  const colour = tone === "info" ? "var(--accent)" : `var(--${tone})`;
  return (
    <div
      className={classes.notice}
      style={{ "--tone": colour } as CSSProperties}
      role={tone === "bad" ? "alert" : "status"}
    >
      <Icon size={18} aria-hidden="true" />
      <div>{children}</div>
      {action}
    </div>
  );
}

/** What a failed request said, with a way to try again. */
export function ProblemNotice({ error, retry }: { error: unknown; retry?: () => void }) {
  const again = retry && (
    <Button variant="default" onClick={retry}>
      Try again
    </Button>
  );
  return (
    <Notice tone="bad" action={again}>
      {sentenceOf(error)}
    </Notice>
  );
}
