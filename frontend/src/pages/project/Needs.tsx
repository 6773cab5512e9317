import type { ReactNode } from "react";
import type { Permission } from "../../server/types";
import { ForbiddenPage } from "../errors/NotFoundPage";
import { may, useProjectContext } from "./context";

/** A tab that not every role may see: its link is not shown then, but its address can still be typed. */
export function Needs({ permission, children }: { permission: Permission; children: ReactNode }) {
  const { project } = useProjectContext();
  return may(project, permission) ? children : <ForbiddenPage />;
}
