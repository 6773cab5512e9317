import { type ReactNode, Suspense, useEffect, useState } from "react";

interface OnceOpenedProps {
  opened: boolean;
  children: (opened: boolean) => ReactNode;
}

/** A dialog that is made, and its script loaded where it is lazy, when it is opened for the first time: most never are. */
export function OnceOpened({ opened, children }: OnceOpenedProps) {
  const [wanted, setWanted] = useState(false);
  useEffect(() => setWanted((before) => before || opened), [opened]);
  if (!wanted && !opened) return null;
  return (
    <Suspense>
      <MadeClosed opened={opened}>{children}</MadeClosed>
    </Suspense>
  );
}

/** Dialogs note where the focus was when they are opened, not when they are made open. */
function MadeClosed({ opened, children }: OnceOpenedProps) {
  const [made, setMade] = useState(false);
  useEffect(() => setMade(true), []);
  return children(opened && made);
}
