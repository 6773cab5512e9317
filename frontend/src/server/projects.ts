import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { at, del, get, patch, post } from "./client";
import { keys } from "./keys";
import { everyPage } from "./pages";
import type { LabelClass, Member, Model, Progress, Project, Role } from "./types";

export const useProjects = () =>
  useQuery({ queryKey: keys.projects, queryFn: () => everyPage<Project>("/projects") });

export const useProject = (id: string) =>
  useQuery({ queryKey: keys.project(id), queryFn: () => get<Project>(at("/projects/{project}", id)) });

/** The models that are installed. */
export const useModels = () => useQuery({ queryKey: keys.models, queryFn: () => get<Model[]>("/models") });

export const useProgress = (id: string) =>
  useQuery({
    queryKey: keys.progress(id),
    queryFn: () => get<Progress>(at("/projects/{project}/progress", id)),
    // No event tells that a worker has died, so while something waits for one the server is asked.
    refetchInterval: ({ state }) => (state.data && waiting(state.data) ? 10_000 : false),
  });

const waiting = ({ embeddings, proposals }: Progress) => embeddings.queued + proposals.queued > 0;

/** The progress of each of my projects, by project id. */
export const useAllProgress = () =>
  useQuery({
    queryKey: keys.allProgress,
    queryFn: () => get<Progress[]>("/progress"),
    select: (all) => new Map(all.map((progress) => [progress.project, progress])),
  });

export const useClasses = (id: string) =>
  useQuery({
    queryKey: keys.classes(id),
    queryFn: () => get<LabelClass[]>(at("/projects/{project}/classes", id)),
  });

export const useMembers = (id: string, enabled = true) =>
  useQuery({
    queryKey: keys.members(id),
    queryFn: () => get<Member[]>(at("/projects/{project}/members", id)),
    enabled,
  });

export interface NewProject {
  name: string;
  description: string;
  classes: { name: string; colour: string }[];
}

export function useCreateProject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (project: NewProject) => post<Project>("/projects", project),
    onSuccess: (project) => {
      client.setQueryData(keys.project(project.id), project);
      return client.invalidateQueries({ queryKey: keys.projects });
    },
  });
}

export function useEditProject(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (
      change: Partial<
        Pick<
          Project,
          | "name"
          | "description"
          | "guidelines"
          | "model"
          | "kinds"
          | "overlap"
          | "proposals"
          | "review"
          | "reject_reasons"
        >
      >,
    ) => patch<Project>(at("/projects/{project}", id), change),
    onSuccess: (project) => {
      client.setQueryData(keys.project(id), project);
      return client.invalidateQueries({ queryKey: keys.projects });
    },
  });
}

export function useDeleteProject(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => del(at("/projects/{project}", id)),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.projects }),
  });
}

/** A mutation inside project `id` that outdates the list under `key`. */
function useChange<Input, Output>(key: readonly unknown[], mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: key }) });
}

export const useAddClass = (id: string) =>
  useChange(keys.classes(id), (input: { name: string; colour?: string }) =>
    post<LabelClass>(at("/projects/{project}/classes", id), input),
  );

export const useEditClass = (id: string) =>
  useChange(
    keys.classes(id),
    ({
      id: classId,
      ...change
    }: { id: string } & Partial<Pick<LabelClass, "name" | "colour" | "attributes">>) =>
      patch<LabelClass>(at("/classes/{label_class}", classId), change),
  );

export const useDeleteClass = (id: string) =>
  useChange(keys.classes(id), (classId: string) => del(at("/classes/{label_class}", classId)));

export const useAddMember = (id: string) =>
  useChange(keys.members(id), (input: { email: string; roles: Role[]; name?: string }) =>
    post<Member>(at("/projects/{project}/members", id), input),
  );

export const useEditMember = (id: string) =>
  useChange(keys.members(id), ({ id: memberId, roles }: { id: string; roles: Role[] }) =>
    patch<Member>(at("/members/{member}", memberId), { roles }),
  );

export const useRemoveMember = (id: string) =>
  useChange(keys.members(id), (memberId: string) => del(at("/members/{member}", memberId)));
