import { ActionIcon, Skeleton, Stack, Table, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconTrash } from "@tabler/icons-react";
import { useCreateToken, useDeleteToken, useTokens } from "../../server/me";
import type { ApiToken } from "../../server/types";
import { CopyField } from "../../ui/bits/CopyField";
import { Notice, ProblemNotice } from "../../ui/bits/Notice";
import { RelativeTime } from "../../ui/bits/RelativeTime";
import { toastProblem } from "../../ui/bits/toast";
import shell from "../../ui/shell/shell.module.css";
import { NewToken } from "./NewToken";

/** API tokens for scripts: made here, shown once, revoked here. */
export function Tokens() {
  const tokens = useTokens();
  const create = useCreateToken();
  return (
    <section className={shell.panel}>
      <Stack gap="sm">
        <div>
          <h2>API tokens</h2>
          <Text size="sm" c="dimmed">
            For scripts: send <code>Authorization: Bearer …</code>. A token may do what you choose here, in
            your projects and with your roles. It cannot change your account.
          </Text>
        </div>
        {create.data && <Created token={create.data.token} />}
        {create.error && <ProblemNotice error={create.error} />}
        <NewToken busy={create.isPending} onCreate={create.mutate} />
        {tokens.error && <ProblemNotice error={tokens.error} retry={() => tokens.refetch()} />}
        {tokens.isPending && <Skeleton h={72} />}
        {tokens.data && tokens.data.length > 0 && <TokenTable tokens={tokens.data} />}
      </Stack>
    </section>
  );
}

const Created = ({ token }: { token: string | null | undefined }) =>
  token ? (
    <Notice tone="ok">
      Copy the new token now. It will not be shown again.
      <CopyField label="New API token" value={token} />
    </Notice>
  ) : (
    <Notice tone="warn">
      The token was created, but the connection was lost before it could be shown. Revoke it below and create
      another.
    </Notice>
  );

function TokenTable({ tokens }: { tokens: ApiToken[] }) {
  const remove = useDeleteToken();
  const ask = (token: ApiToken) =>
    modals.openConfirmModal({
      title: `Revoke “${token.name}”?`,
      children: "Scripts that use it are refused from now on. This cannot be undone.",
      labels: { confirm: "Revoke", cancel: "Keep it" },
      confirmProps: { color: "red" },
      onConfirm: () => remove.mutate(token.id, { onError: toastProblem }),
    });
  return (
    <Table fz="sm" aria-label="API tokens">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>May</Table.Th>
          <Table.Th>Created</Table.Th>
          <Table.Th>Last used</Table.Th>
          <Table.Th>Expires</Table.Th>
          <Table.Th />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {tokens.map((token) => (
          <TokenRow key={token.id} token={token} onRevoke={() => ask(token)} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function TokenRow({ token, onRevoke }: { token: ApiToken; onRevoke: () => void }) {
  const ended = token.expires_at != null && new Date(token.expires_at) <= new Date();
  return (
    <Table.Tr>
      <Table.Td>{token.name}</Table.Td>
      <Table.Td>{token.scopes.join(", ")}</Table.Td>
      <Table.Td c="dimmed">{token.created_at && <RelativeTime at={token.created_at} />}</Table.Td>
      <Table.Td c="dimmed">
        {token.last_used_at ? <RelativeTime at={token.last_used_at} /> : "never"}
      </Table.Td>
      <Table.Td c={ended ? "var(--bad)" : "dimmed"}>
        {ended && "expired "}
        {token.expires_at ? <RelativeTime at={token.expires_at} /> : "never"}
      </Table.Td>
      <Table.Td w={40}>
        <ActionIcon variant="subtle" aria-label={`Revoke ${token.name}`} onClick={onRevoke}>
          <IconTrash size={16} />
        </ActionIcon>
      </Table.Td>
    </Table.Tr>
  );
}
