import { Button, Group, Stack } from "@mantine/core";
import type { FormEvent, ReactNode, RefObject } from "react";
import { type ProjectChange, useEditProject } from "../../../server/projects";
import type { Project } from "../../../server/types";
import { toastDone } from "../../../ui/bits/toast";
import shell from "../../../ui/shell/shell.module.css";
import { Clashes, type Words } from "../../../ui/unsaved/Clashes";
import type { Draft } from "../../../ui/unsaved/useDraft";

interface SettingsFormProps<Fields> {
  project: Pick<Project, "id" | "version">;
  draft: Draft<Fields>;
  words: Words<Fields>;
  /** The typed fields as a change of the project. */
  changeOf: (changes: Partial<Fields>) => ProjectChange;
  /** The message once they are saved. */
  done: string;
  /** Why they cannot be saved as they are, in words or as `true`. */
  wrong?: string | boolean | null;
  label: string;
  save?: string;
  /** Stands to the left of the button. */
  beside?: ReactNode;
  ref?: RefObject<HTMLFormElement | null>;
  children: ReactNode;
}

/** A part of a project's settings, saved by itself. Only what was touched is sent. */
export function SettingsForm<Fields extends object>(props: SettingsFormProps<Fields>) {
  const { project, draft, words, changeOf, done, wrong, label, save = "Save", beside, ref, children } = props;
  const edit = useEditProject(project.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { changes } = draft;
    const saved = () => {
      draft.settle(changes);
      toastDone(done);
    };
    edit.mutate({ base: project, change: changeOf(changes) }, { onSuccess: saved });
  };
  const ready = draft.dirty && draft.clashes.length === 0 && !wrong;
  return (
    <form ref={ref} onSubmit={submit} className={shell.panel} aria-label={label}>
      <Stack gap="sm">
        {children}
        <Clashes draft={draft} words={words} error={edit.error} />
        <Group justify={beside ? "space-between" : "flex-end"}>
          {beside}
          <Group gap="sm">
            {typeof wrong === "string" && <Wrong>{wrong}</Wrong>}
            <Button type="submit" disabled={!ready} loading={edit.isPending}>
              {save}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

const Wrong = ({ children }: { children: string }) => (
  <span style={{ fontSize: 13, color: "var(--muted)" }}>{children}</span>
);
