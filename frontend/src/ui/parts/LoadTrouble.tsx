import { Button } from "@mantine/core";
import { useEffect } from "react";
import { useLocation } from "react-router";
import { Notice } from "../bits/Notice";
import { unsaved } from "../unsaved/unsaved";
import classes from "./parts.module.css";
import { type Trouble, useTrouble } from "./trouble";

const RELOADED = "maskwright.reloaded";

/** Says over the page that a part of it could not be loaded. A page of an earlier version is reloaded, once. */
export function LoadTrouble() {
  // Another page may be open by now, which needs no such part.
  useLocation();
  const trouble = useTrouble();
  const shown = trouble && trouble.path === window.location.pathname ? trouble : null;
  useEffect(() => {
    if (shown?.kind === "old" && unsaved().length === 0 && isFirstTime(shown)) window.location.reload();
  }, [shown]);
  return (
    <div className={classes.trouble}>
      {shown?.kind === "away" && (
        <Notice tone="warn">
          This part of the app could not be loaded because the server does not answer. Trying again…
        </Notice>
      )}
      {shown?.kind === "old" && (
        <Notice tone="warn" action={<Button onClick={() => window.location.reload()}>Reload</Button>}>
          Maskwright was updated, so this part of the app could not be loaded. Reload the page. Unsent edits
          are kept.
        </Notice>
      )}
    </div>
  );
}

/** Whether no reload into this build was tried yet: one that does not help must not be repeated for ever. */
function isFirstTime({ build }: Trouble): boolean {
  try {
    if (sessionStorage.getItem(RELOADED) === String(build)) return false;
    sessionStorage.setItem(RELOADED, String(build));
    return true;
  } catch {
    return false;
  }
}
