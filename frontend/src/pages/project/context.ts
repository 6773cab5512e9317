import { useOutletContext } from "react-router";
import type { Permission, Project } from "../../server/types";

export interface ProjectContext {
  project: Project;
  /** Opens the file picker; the chosen images are uploaded. */
  pickFiles: () => void;
}

export const useProjectContext = () => useOutletContext<ProjectContext>();

export const may = (project: Project, permission: Permission) => project.permissions.includes(permission);
