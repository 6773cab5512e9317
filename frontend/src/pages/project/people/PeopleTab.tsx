import { Skeleton, Table, VisuallyHidden } from "@mantine/core";
import { useMembers } from "../../../server/projects";
import type { Member } from "../../../server/types";
import { ProblemNotice } from "../../../ui/bits/Notice";
import { ROLES } from "../../../ui/bits/states";
import shell from "../../../ui/shell/shell.module.css";
import { may, useProjectContext } from "../context";
import styles from "../project.module.css";
import { AddMember } from "./AddMember";
import { MemberRow } from "./MemberRow";
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
