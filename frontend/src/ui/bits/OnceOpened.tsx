import { type ReactNode, useEffect, useState } from "react";

interface OnceOpenedProps {
  opened: boolean;
  children: (opened: boolean) => ReactNode;
}

/**
 * A dialog that is made when it is opened for the first time, as most never are. It is made closed: where the focus was
 * before is noted by dialogs that open.
 */
export function OnceOpened({ opened, children }: OnceOpenedProps) {
  const [made, setMade] = useState(false);
  useEffect(() => setMade((before) => before || opened), [opened]);
  return made || opened ? children(opened && made) : null;
}
