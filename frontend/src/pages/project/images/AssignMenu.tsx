import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { Link } from "react-router";
import { type AssignResult, useAssign } from "../../../server/assignments";
import { useMembers } from "../../../server/projects";
import { counted } from "../../../ui/bits/number";
import { toastDone, toastProblem } from "../../../ui/bits/toast";

interface AssignMenuProps {
  projectId: string;
  images: string[];
  onAssigned: () => void;
}

/** Gives the selected images to one of the project's annotators. */
export function AssignMenu({ projectId, images, onAssigned }: AssignMenuProps) {
  const { data: members = [] } = useMembers(projectId);
  const assign = useAssign(projectId);
  const annotators = members.flatMap(({ user, roles }) =>
    user && roles.includes("annotator") ? [user] : [],
  );
  const give = (user: { id: string; name: string }) =>
    assign.mutate(
      { annotator: user.id, images },
      {
        onSuccess: (result) => {
          toastDone(assignedSentence(result, user.name));
          onAssigned();
        },
        onError: toastProblem,
      },
    );
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <Button rightSection={<IconChevronDown size={14} />} loading={assign.isPending}>
          Assign to…
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {annotators.map((user) => (
          <Menu.Item key={user.id} onClick={() => give(user)}>
            {user.name || user.email}
          </Menu.Item>
        ))}
        {annotators.length === 0 && (
          <Menu.Item component={Link} to={`/projects/${projectId}/people`}>
            Nobody is an annotator here yet. Add people…
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

export function assignedSentence({ results }: AssignResult, name: string): string {
  const of = (outcome: string) => results.filter((result) => result.outcome === outcome).length;
  const given = `${counted(of("assigned") + of("reassigned"), "image")} assigned to ${name}.`;
  const moved =
    of("reassigned") > 0
      ? ` ${counted(of("reassigned"), "of them was", "of them were")} somebody else's.`
      : "";
  const already =
    of("already") > 0 ? ` ${counted(of("already"), "image was", "images were")} already theirs.` : "";
  return given + moved + already;
}
