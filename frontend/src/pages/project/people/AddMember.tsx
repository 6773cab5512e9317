import { Button, Checkbox, Group, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { sentenceOf } from "../../../server/problem";
import { useAddMember, useMembers } from "../../../server/projects";
import type { Member, Role } from "../../../server/types";
import { absolute, CopyField } from "../../../ui/bits/CopyField";
import { Notice } from "../../../ui/bits/Notice";
import { ROLES } from "../../../ui/bits/states";
import shell from "../../../ui/shell/shell.module.css";
import { sameInvitation } from "./Standing";

export function AddMember({ projectId }: { projectId: string }) {
  const [email, setEmail] = useState("");
  const [roles, setRoles] = useState<Role[]>(["annotator"]);
  const add = useAddMember(projectId);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(
      { email: email.trim(), roles },
      {
        // The next address may be on its way in by now.
        onSuccess: () => setEmail((now) => (now === email ? "" : now)),
      },
    );
  };
  return (
    <section className={shell.panel} style={{ marginBottom: 16 }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group gap="xs" align="flex-end">
            <TextInput
              flex={1}
              size="xs"
              label="Add a person"
              type="email"
              placeholder="name@example.org"
              required
              withAsterisk={false}
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <Button type="submit" disabled={roles.length === 0} loading={add.isPending}>
              Add
            </Button>
          </Group>
          <RoleChoice roles={roles} onChange={setRoles} />
          {add.error && <Notice tone="bad">{sentenceOf(add.error)}</Notice>}
          {add.data && <Added projectId={projectId} member={add.data} />}
        </Stack>
      </form>
    </section>
  );
}

const RoleChoice = ({ roles, onChange }: { roles: Role[]; onChange: (roles: Role[]) => void }) => (
  <Checkbox.Group aria-label="Roles" value={roles} onChange={(chosen) => onChange(chosen as Role[])}>
    <Group gap="md">
      {ROLES.map(({ role, does }) => (
        <Checkbox key={role} size="xs" value={role} label={`${role}: ${does}`} />
      ))}
    </Group>
  </Checkbox.Group>
);

/** The result of adding an address. Without a mail server, people pass on the link of somebody new themselves. */
function Added({ projectId, member }: { projectId: string; member: Member }) {
  const { id, email, waits, invitation, invite_url } = member;
  const now = useMembers(projectId).data?.find((other) => other.id === id);
  // The link no longer works once it was used, renewed or withdrawn.
  if (invite_url && now && !sameInvitation(now.invitation, invitation)) return null;
  if (invite_url) {
    return (
      <Notice tone="ok">
        {email} has a new account. Send them this link, which is shown only now: with it they choose their
        password.
        <CopyField label="Invitation link" value={absolute(invite_url)} />
      </Notice>
    );
  }
  if (waits) {
    return (
      <Notice tone="info">
        {email} has an account, but its address is not verified. They join the project once it is.
      </Notice>
    );
  }
  if (invitation?.by_mail) return <Notice tone="ok">An invitation was mailed to {email}.</Notice>;
  return <Notice tone="ok">{email} is in the project.</Notice>;
}
