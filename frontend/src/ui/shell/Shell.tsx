import { Skeleton } from "@mantine/core";
import { Suspense } from "react";
import { Outlet } from "react-router";
import { UnsentButton } from "../unsent/UnsentButton";
import { Crumbs } from "./Crumbs";
import classes from "./shell.module.css";
import { UserMenu } from "./UserMenu";
import { Wordmark } from "./Wordmark";

/** The element that scrolls, for lists that draw only what is in sight. */
export const MAIN_ID = "main";

export function Shell() {
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href={`#${MAIN_ID}`}>
        Skip to the content
      </a>
      <header className={classes.top}>
        <Wordmark />
        <Crumbs />
        <UnsentButton />
        <UserMenu />
      </header>
      <main className={classes.main} id={MAIN_ID} tabIndex={-1}>
        <Suspense fallback={<Skeleton h={320} />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}
