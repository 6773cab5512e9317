import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { at, del, get, patch, post, withQuery } from "./client";
import { useCreation } from "./creation";
import { keys } from "./keys";
import { everyPage } from "./pages";
import type { LabelClass, Member, MemberWork, Model, Progress, Project, Role } from "./types";
import { type Change, currentOf, patchOnTop, type Versioned } from "./versioned";

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
  return useCreation({
    create: (project: NewProject, opId) => post<Project>("/projects", project, { opId }),
    outdates: keys.projects,
    onCreated: (project) => client.setQueryData(keys.project(project.id), project),
  });
}

export type ProjectChange = Change<
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
>;

/** Changes settings of a project, against the `base` that was shown. */
export function useEditProject(id: string) {
  const client = useQueryClient();
  const show = (project: Project) => client.setQueryData(keys.project(id), project);
  return useMutation({
    mutationFn: ({ base, change }: { base: Versioned; change: ProjectChange }) =>
      patchOnTop<Project>(at("/projects/{project}", id), base, change),
    onSuccess: (project) => {
      show(project);
      return client.invalidateQueries({ queryKey: keys.projects });
    },
    onError: (error) => {
      const current = currentOf<Project>(error);
      if (current) show(current);
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
  useCreation({
    create: (input: { name: string; colour?: string }, opId) =>
      post<LabelClass>(at("/projects/{project}/classes", id), input, { opId }),
    outdates: keys.classes(id),
  });

interface ClassEdit {
  /** As it was shown. */
  label: LabelClass;
  change: Change<Pick<LabelClass, "name" | "colour" | "attributes">>;
}

export function useEditClass(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ label, change }: ClassEdit) =>
      patchOnTop<LabelClass>(at("/classes/{label_class}", label.id), label, change),
    // Also when it was refused: the class is not as it was shown.
    onSettled: () => client.invalidateQueries({ queryKey: keys.classes(id) }),
  });
}

export const useDeleteClass = (id: string) =>
  useChange(keys.classes(id), (classId: string) => del(at("/classes/{label_class}", classId)));

export const useAddMember = (id: string) =>
  useCreation({
    create: (input: { email: string; roles: Role[]; name?: string }, opId) =>
      post<Member>(at("/projects/{project}/members", id), input, { opId }),
    outdates: keys.members(id),
  });

export const useEditMember = (id: string) =>
  useChange(keys.members(id), ({ id: memberId, roles }: { id: string; roles: Role[] }) =>
    patch<Member>(at("/members/{member}", memberId), { roles }),
  );

/** How many images somebody has, by the state of their work. */
export const useMemberWork = (memberId: string) =>
  useQuery({
    queryKey: keys.memberWork(memberId),
    queryFn: () => get<MemberWork>(at("/members/{member}/work", memberId)),
  });

/** `handTo` gets the images that the person has open or submitted; without one the open ones are nobody's again. */
export const useRemoveMember = (id: string) =>
  useChange(keys.project(id), ({ id: memberId, handTo }: { id: string; handTo: string | null }) =>
    del(withQuery(at("/members/{member}", memberId), { hand_to: handTo })),
  );
