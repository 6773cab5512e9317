import { Button, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useRenewInvitation, useWithdrawInvitation } from "../../../server/invitations";
import type { Member } from "../../../server/types";
import { Chip } from "../../../ui/bits/Chip";
import { absolute, CopyField } from "../../../ui/bits/CopyField";
import { RelativeTime } from "../../../ui/bits/RelativeTime";
import { toastDone, toastProblem } from "../../../ui/bits/toast";

interface StandingProps {
  projectId: string;
  member: Member;
  editable: boolean;
}

/** Shows whether a person's account still lacks a verified address or a password. */
export function Standing({ projectId, member, editable }: StandingProps) {
  if (member.waits) {
    return (
      <Lacks chip={<Chip tone="warn">Waits for verification</Chip>}>
        They join once their address is verified: by a mailed link, or by an operator.
      </Lacks>
    );
  }
  if (member.invitation) return <Invitation {...{ projectId, member, editable }} />;
  if (!member.email_verified) return <Lacks chip={<Chip hollow>Address not verified</Chip>} />;
  return null;
}

type Shown = Pick<NonNullable<Member["invitation"]>, "state" | "expires_at"> | null;

/** Whether an invitation is still the one whose link was shown. */
export const sameInvitation = (now: Shown, shown: Shown): boolean =>
  now?.state === shown?.state && now?.expires_at === shown?.expires_at;

const Lacks = ({ chip, children }: { chip: ReactNode; children?: ReactNode }) => (
  <Group gap="xs" mt={4}>
    {chip}
    {children && (
      <Text size="xs" c="dimmed" span>
        {children}
      </Text>
    )}
  </Group>
);

/** The invitation of an account that nobody has set up yet. */
function Invitation({ projectId, member, editable }: StandingProps) {
  const renew = useRenewInvitation(projectId);
  const withdraw = useWithdrawInvitation(projectId);
  const invitation = member.invitation;
  if (!invitation) return null;
  const renewed = () =>
    renew.mutate(member.id, {
      onSuccess: ({ by_mail }) => by_mail && toastDone(`A new invitation was mailed to ${member.email}.`),
      onError: toastProblem,
    });
  const withdrawn = () => {
    renew.reset();
    withdraw.mutate(member.id, { onError: toastProblem });
  };
  return (
    <>
      <Lacks chip={<State {...invitation} />} />
      {editable && invitation.may_renew && (
        <Group gap="xs" mt={4}>
          <Button size="compact-xs" variant="default" onClick={renewed} loading={renew.isPending}>
            Renew link
          </Button>
          {invitation.state === "open" && (
            <Button size="compact-xs" variant="default" onClick={withdrawn} loading={withdraw.isPending}>
              Withdraw invitation
            </Button>
          )}
        </Group>
      )}
      {renew.data?.invite_url && sameInvitation(invitation, { ...renew.data, state: "open" }) && (
        <CopyField label={`New invitation link of ${member.email}`} value={absolute(renew.data.invite_url)} />
      )}
    </>
  );
}

function State({ state, by_mail, expires_at }: NonNullable<Member["invitation"]>) {
  if (state === "withdrawn") return <Chip tone="bad">Invitation withdrawn</Chip>;
  if (state === "expired" || !expires_at) return <Chip tone="bad">Invitation expired</Chip>;
  return (
    <Chip tone="accent" hollow>
      {by_mail ? "Invited by mail" : "Invited"}, expires <RelativeTime at={expires_at} />
    </Chip>
  );
}
