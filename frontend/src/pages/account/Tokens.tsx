import { ActionIcon, Button, Group, Skeleton, Stack, Table, Text, TextInput } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useCreateToken, useDeleteToken, useTokens } from "../../server/me";
import type { ApiToken } from "../../server/types";
import { CopyField } from "../../ui/bits/CopyField";
import { Notice, ProblemNotice } from "../../ui/bits/Notice";
import { RelativeTime } from "../../ui/bits/RelativeTime";
import { toastProblem } from "../../ui/bits/toast";
import shell from "../../ui/shell/shell.module.css";

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
            For scripts: send <code>Authorization: Bearer …</code>. A token may do all that you may.
          </Text>
        </div>
        {create.data?.token && <Created token={create.data.token} />}
        {create.error && <ProblemNotice error={create.error} />}
        <NewToken busy={create.isPending} onCreate={create.mutate} />
        {tokens.error && <ProblemNotice error={tokens.error} retry={() => tokens.refetch()} />}
        {tokens.isPending && <Skeleton h={72} />}
        {tokens.data && tokens.data.length > 0 && <TokenTable tokens={tokens.data} />}
      </Stack>
    </section>
  );
}

const Created = ({ token }: { token: string }) => (
  <Notice tone="ok">
    Copy the new token now; it is not shown again.
    <CopyField label="New API token" value={token} />
  </Notice>
);

function NewToken({ busy, onCreate }: { busy: boolean; onCreate: (name: string) => void }) {
  const [name, setName] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onCreate(name.trim());
    setName("");
  };
  return (
    <form onSubmit={submit}>
      <Group gap="xs">
        <TextInput
          flex={1}
          aria-label="Name of the new token"
          placeholder="What it is for, for example nightly import"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" h={36} disabled={name.trim() === ""} loading={busy}>
          Create token
        </Button>
      </Group>
    </form>
  );
}

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
    <Table fz="sm">
      <Table.Tbody>
        {tokens.map((token) => (
          <Table.Tr key={token.id}>
            <Table.Td>{token.name}</Table.Td>
            <Table.Td c="dimmed">{token.created_at && <RelativeTime at={token.created_at} />}</Table.Td>
            <Table.Td w={40}>
              <ActionIcon variant="subtle" aria-label={`Revoke ${token.name}`} onClick={() => ask(token)}>
                <IconTrash size={16} />
              </ActionIcon>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
