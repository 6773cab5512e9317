import { Link, useLocation, useMatch } from "react-router";
import { useProject } from "../../server/projects";
import classes from "./shell.module.css";

const TITLES: Record<string, string> = { "/about": "About", "/account": "Account" };

export function Crumbs() {
  const inProject = useMatch("/projects/:id/*");
  const { pathname } = useLocation();
  const title = TITLES[pathname];
  return (
    <nav className={classes.crumbs} aria-label="Breadcrumb">
      <ol>
        {inProject?.params.id !== undefined && <ProjectCrumb id={inProject.params.id} />}
        {title && <li aria-current="page">{title}</li>}
      </ol>
    </nav>
  );
}

function ProjectCrumb({ id }: { id: string }) {
  const project = useProject(id);
  return (
    <li>
      <Link to={`/projects/${id}`}>{project.data?.name ?? "…"}</Link>
    </li>
  );
}
