import { Skeleton } from "@mantine/core";
import { Suspense, useCallback, useRef } from "react";
import { Outlet, useParams } from "react-router";
import { Problem } from "../../server/problem";
import { useProject } from "../../server/projects";
import type { Project } from "../../server/types";
import { useLiveProject } from "../../sync/refresh";
import { ProblemNotice } from "../../ui/bits/Notice";
import { useTitle } from "../../ui/bits/useTitle";
import shell from "../../ui/shell/shell.module.css";
import { DropAnywhere } from "../../ui/upload/DropAnywhere";
import { UploadPanel } from "../../ui/upload/UploadPanel";
import { useUploads } from "../../ui/upload/useUploads";
import { ForbiddenPage, NotFoundPage } from "../errors/NotFoundPage";
import { may, type ProjectContext } from "./context";
import { Header } from "./Header";
import classes from "./project.module.css";

export function ProjectPage() {
  const { id = "" } = useParams();
  const project = useProject(id);
  useTitle(project.data?.name);
  if (project.data) return <Loaded key={id} project={project.data} />;
  if (project.error instanceof Problem && project.error.status === 404) return <NotFoundPage />;
  if (project.error instanceof Problem && project.error.status === 403) return <ForbiddenPage />;
  if (project.error) {
    return (
      <div className={shell.page}>
        <ProblemNotice error={project.error} retry={() => project.refetch()} />
      </div>
    );
  }
  return <Skeleton h={178} radius={0} />;
}

function Loaded({ project }: { project: Project }) {
  useLiveProject(project.id);
  const { queue } = useUploads(project.id);
  const picker = useRef<HTMLInputElement>(null);
  const pickFiles = useCallback(() => picker.current?.click(), []);
  const context: ProjectContext = { project, pickFiles };
  return (
    <>
      <Header project={project} pickFiles={pickFiles} />
      <div className={classes.tab}>
        <Suspense fallback={<Skeleton h={320} />}>
          <Outlet context={context} />
        </Suspense>
      </div>
      {may(project, "images.upload") && <DropAnywhere onFiles={(files) => queue.add(files)} />}
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        accept="image/*"
        aria-label="Images to add"
        onChange={(event) => {
          queue.add([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      <UploadPanel projectId={project.id} />
    </>
  );
}
