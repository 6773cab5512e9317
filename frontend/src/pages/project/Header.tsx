import { NavLink, useLocation } from "react-router";
import type { Permission, Project } from "../../server/types";
import { Actions } from "./Actions";
import { may } from "./context";
import { recallGrid } from "./images/gridMemory";
import { Meters } from "./Meters";
import classes from "./project.module.css";

const TABS: { path: string; word: string; needs: Permission }[] = [
  { path: "", word: "Images", needs: "project.view" },
  { path: "/classes", word: "Classes", needs: "project.view" },
  { path: "/people", word: "People", needs: "members.view" },
  { path: "/quality", word: "Quality", needs: "review" },
  { path: "/export", word: "Export", needs: "export" },
  { path: "/settings", word: "Settings", needs: "project.edit" },
];

export function Header({ project, pickFiles }: { project: Project; pickFiles: () => void }) {
  const base = `/projects/${project.id}`;
  const { pathname } = useLocation();
  return (
    <header className={classes.head}>
      <div className={classes.title}>
        <div>
          <h1>{project.name}</h1>
          <p className={classes.description} title={project.description}>
            {project.description}
          </p>
        </div>
        <Actions project={project} pickFiles={pickFiles} primary={pathname === base} />
      </div>
      <Meters project={project} />
      <nav className={classes.tabs} aria-label="Project">
        {TABS.filter((tab) => may(project, tab.needs)).map((tab) => (
          <NavLink
            key={tab.path}
            to={tab.path === "" ? base + (recallGrid(project.id)?.search ?? "") : base + tab.path}
            end
          >
            {tab.word}
          </NavLink>
        ))}
      </nav>
    </header>
  );
}
