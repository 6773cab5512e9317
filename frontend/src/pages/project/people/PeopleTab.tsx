import { ActionIcon, Checkbox, Skeleton, Table, Text, VisuallyHidden } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconUserMinus } from "@tabler/icons-react";
import { useEditMember, useMembers, useRemoveMember } from "../../../server/projects";
import type { Member, Role } from "../../../server/types";
import { ProblemNotice } from "../../../ui/bits/Notice";
import { ROLES } from "../../../ui/bits/states";
import { toastProblem } from "../../../ui/bits/toast";
import shell from "../../../ui/shell/shell.module.css";
import { may, useProjectContext } from "../context";
import styles from "../project.module.css";
import { AddMember } from "./AddMember";
import { TimeSpent } from "./TimeSpent";

export function PeopleTab() {
  const { project } = useProjectContext();
  const members = useMembers(project.id);
  const editable = may(project, "members.edit");
  return (
    <div className={styles.column}>
      {editable && <AddMember projectId={project.id} />}
      {members.isPending && <Skeleton h={160} />}
      {members.error && <ProblemNotice error={members.error} retry={() => members.refetch()} />}
      {members.data && <MemberTable projectId={project.id} members={members.data} editable={editable} />}
      {may(project, "assign") && <TimeSpent projectId={project.id} />}
    </div>
  );
}

interface MemberTableProps {
  projectId: string;
  members: Member[];
  editable: boolean;
}

const MemberTable = ({ projectId, members, editable }: MemberTableProps) => (
  <div className={shell.table}>
    <Table fz="sm" verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Person</Table.Th>
          {ROLES.map(({ role, does }) => (
            <Table.Th key={role} w={88} ta="center" title={does}>
              {role[0]?.toUpperCase() + role.slice(1)}
            </Table.Th>
          ))}
          <Table.Th w={48}>
            <VisuallyHidden>Actions</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {members.map((member) => (
          <MemberRow key={member.id} {...{ projectId, member, editable }} />
        ))}
      </Table.Tbody>
    </Table>
  </div>
);

function MemberRow({
  projectId,
  member,
  editable,
}: {
  projectId: string;
  member: Member;
  editable: boolean;
}) {
  const edit = useEditMember(projectId);
  const set = (role: Role, on: boolean) => {
    const roles = on ? [...member.roles, role] : member.roles.filter((held) => held !== role);
    if (roles.length === 0) {
      return toastProblem(
        `${member.user.email} needs a role. To take the last one, remove them from the project.`,
      );
    }
    edit.mutate({ id: member.id, roles }, { onError: toastProblem });
  };
  return (
    <Table.Tr>
      <Table.Td>
        {member.user.name || member.user.email}
        <Text size="xs" c="dimmed">
          {member.user.email}
        </Text>
      </Table.Td>
      {ROLES.map(({ role }) => (
        <Table.Td key={role}>
          <Checkbox
            size="xs"
            style={{ display: "flex", justifyContent: "center" }}
            aria-label={`${member.user.email} is ${role}`}
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

function Remove({ projectId, member }: { projectId: string; member: Member }) {
  const remove = useRemoveMember(projectId);
  const who = member.user.name || member.user.email;
  const ask = () =>
    modals.openConfirmModal({
      title: `Remove ${who} from the project?`,
      children: "What they labeled stays. They see nothing of the project any more.",
      labels: { confirm: "Remove", cancel: "Keep" },
      confirmProps: { color: "red" },
      onConfirm: () => remove.mutate(member.id, { onError: toastProblem }),
    });
  return (
    <ActionIcon variant="subtle" aria-label={`Remove ${who}`} onClick={ask} loading={remove.isPending}>
      <IconUserMinus size={16} />
    </ActionIcon>
  );
}
