import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconUserOff } from "@tabler/icons-react";
import { Link } from "react-router";
import { useMembers } from "../../../server/projects";
import { useAssigning } from "./useAssigning";

interface AssignMenuProps {
  projectId: string;
  images: string[];
  onAssigned: () => void;
}

/** Gives the selected images to one of the project's annotators, or takes them away from whoever has them. */
export function AssignMenu({ projectId, images, onAssigned }: AssignMenuProps) {
  const { data: members = [] } = useMembers(projectId);
  const { give, takeAway, isPending } = useAssigning(projectId, onAssigned);
  const annotators = members.flatMap(({ user, roles }) =>
    user && roles.includes("annotator") ? [user] : [],
  );
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <Button rightSection={<IconChevronDown size={14} />} loading={isPending}>
          Assign to…
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {annotators.map((user) => (
          <Menu.Item key={user.id} onClick={() => give(user, images)}>
            {user.name || user.email}
          </Menu.Item>
        ))}
        {annotators.length === 0 && (
          <Menu.Item component={Link} to={`/projects/${projectId}/people`}>
            Nobody is an annotator here yet. Add people…
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<IconUserOff size={14} />} onClick={() => takeAway(images)}>
          Unassign
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
