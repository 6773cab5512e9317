import { Button, Group, Modal, Select, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { sentenceOf } from "../../../server/problem";
import { useMembers, useMemberWork, useRemoveMember } from "../../../server/projects";
import type { Member, MemberWork } from "../../../server/types";
import { Notice } from "../../../ui/bits/Notice";
import { counted } from "../../../ui/bits/number";
import { toastDone } from "../../../ui/bits/toast";

interface RemoveMemberProps {
  projectId: string;
  member: Member;
  /** The person's name. */
  who: string;
  opened: boolean;
  onClose: () => void;
}

/** Asks whether somebody is to be removed, and what becomes of the images that they have. */
export const RemoveMember = ({ who, opened, onClose, ...rest }: RemoveMemberProps) => (
  <Modal opened={opened} onClose={onClose} title={`Remove ${who} from the project?`}>
    {rest.member.waits ? (
      <Removal who={who} onClose={onClose} work={null} {...rest} />
    ) : (
      <WithWork who={who} onClose={onClose} {...rest} />
    )}
  </Modal>
);

type RemovalProps = Omit<RemoveMemberProps, "opened">;

function WithWork(props: RemovalProps) {
  const work = useMemberWork(props.member.id);
  if (work.isFetching) return <Skeleton h={120} />;
  return <Removal {...props} work={work.data ?? null} />;
}

/** Nobody, as a choice. */
const POOL = "";

function Removal({ projectId, member, who, onClose, work }: RemovalProps & { work: MemberWork | null }) {
  const remove = useRemoveMember(projectId);
  const [handTo, setHandTo] = useState(POOL);
  const open = work ? work.open + work.returned : 0;
  const held = open + (work?.submitted ?? 0);
  // This dialog goes with the row of the person, so what follows is not left to it.
  const confirm = () =>
    void remove.mutateAsync({ id: member.id, handTo: handTo || null }).then(
      () => {
        toastDone(`${who} was removed.`);
        onClose();
      },
      () => undefined,
    );
  return (
    <Stack gap="sm">
      <Text size="sm">Their annotations stay. They will lose access to the project.</Text>
      {work && held > 0 && (
        <>
          <Text size="sm">{heldSentence(who, open, work.submitted)}</Text>
          <Heirs {...{ projectId, member, handTo, setHandTo }} />
        </>
      )}
      {remove.error && <Notice tone="bad">{sentenceOf(remove.error)}</Notice>}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Keep
        </Button>
        <Button color="red.9" onClick={confirm} loading={remove.isPending}>
          Remove
        </Button>
      </Group>
    </Stack>
  );
}

export function heldSentence(who: string, open: number, submitted: number): string {
  const parts = [
    open > 0 && `${counted(open, "open image")}`,
    submitted > 0 && `${counted(submitted, "image")} in review`,
  ];
  return `${who} has ${parts.filter(Boolean).join(" and ")}.`;
}

interface HeirsProps {
  projectId: string;
  member: Member;
  handTo: string;
  setHandTo: (user: string) => void;
}

/** A choice of the person who gets the images. */
function Heirs({ projectId, member, handTo, setHandTo }: HeirsProps) {
  const { data: members = [] } = useMembers(projectId);
  const others = members.flatMap(({ id, user, roles }) =>
    user && id !== member.id && roles.some((role) => role !== "viewer")
      ? [{ value: user.id, label: user.name || user.email }]
      : [],
  );
  return (
    <Select
      data-autofocus
      label="What to do with these images"
      data={[{ value: POOL, label: "Unassign the open images" }, ...others.map(toHand)]}
      allowDeselect={false}
      value={handTo}
      onChange={(user) => setHandTo(user ?? POOL)}
    />
  );
}

const toHand = ({ value, label }: { value: string; label: string }) => ({
  value,
  label: `Reassign all of them to ${label}`,
});
