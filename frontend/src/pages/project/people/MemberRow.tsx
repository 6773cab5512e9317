import { ActionIcon, Checkbox, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconUserMinus } from "@tabler/icons-react";
import { useEditMember } from "../../../server/projects";
import type { Member, Role } from "../../../server/types";
import { OnceOpened } from "../../../ui/bits/OnceOpened";
import { ROLES } from "../../../ui/bits/states";
import { toastProblem } from "../../../ui/bits/toast";
import { RemoveMember } from "./RemoveMember";
import { Standing } from "./Standing";

interface MemberRowProps {
  projectId: string;
  member: Member;
  editable: boolean;
}

/** A member, or somebody who waits for verification, of whom only the address is known. */
export function MemberRow({ projectId, member, editable }: MemberRowProps) {
  const edit = useEditMember(projectId);
  const set = (role: Role, on: boolean) => {
    const roles = on ? [...member.roles, role] : member.roles.filter((held) => held !== role);
    if (roles.length === 0) {
      return toastProblem(
        `${member.email} needs a role. To take the last one, remove them from the project.`,
      );
    }
    edit.mutate({ id: member.id, roles }, { onError: toastProblem });
  };
  return (
    <Table.Tr>
      <Table.Td>
        {nameOf(member)}
        {nameOf(member) !== member.email && (
          <Text size="xs" c="dimmed">
            {member.email}
          </Text>
        )}
        <Standing {...{ projectId, member, editable }} />
      </Table.Td>
      {ROLES.map(({ role }) => (
        <Table.Td key={role}>
          <Checkbox
            size="xs"
            style={{ display: "flex", justifyContent: "center" }}
            aria-label={`${member.email} is ${role}`}
            checked={member.roles.includes(role)}
            disabled={!editable || edit.isPending}
            onChange={(event) => set(role, event.currentTarget.checked)}
          />
        </Table.Td>
      ))}
      <Table.Td>{editable && <Remove {...{ projectId, member }} />}</Table.Td>
    </Table.Tr>
  );
}

const nameOf = ({ user, email }: Member): string => user?.name || email;

function Remove({ projectId, member }: { projectId: string; member: Member }) {
  const [asked, { open, close }] = useDisclosure(false);
  const who = nameOf(member);
  return (
    <>
      <ActionIcon variant="subtle" aria-label={`Remove ${who}`} onClick={open}>
        <IconUserMinus size={16} />
      </ActionIcon>
      <OnceOpened opened={asked}>
        {(opened) => <RemoveMember {...{ projectId, member, who, opened }} onClose={close} />}
      </OnceOpened>
    </>
  );
}
