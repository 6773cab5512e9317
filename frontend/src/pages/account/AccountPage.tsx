import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useRequestVerification } from "../../server/invitations";
import { useMe, useRenameMe } from "../../server/me";
import type { Me } from "../../server/types";
import { Notice, ProblemNotice } from "../../ui/bits/Notice";
import { toastDone, toastProblem } from "../../ui/bits/toast";
import { useTitle } from "../../ui/bits/useTitle";
import { SchemeControl } from "../../ui/shell/SchemeControl";
import shell from "../../ui/shell/shell.module.css";
import { leave } from "../../ui/shell/UserMenu";
import { Password } from "./Password";
import { Tokens } from "./Tokens";

export function AccountPage() {
  useTitle("Account");
  const { data: me } = useMe();
  return (
    <div className={`${shell.page} ${shell.narrow}`}>
      <Stack gap="lg">
        <Group justify="space-between">
          <h1>Account</h1>
          <Button variant="default" onClick={leave}>
            Log out
          </Button>
        </Group>
        {me && !me.email_verified && <Verification email={me.email} />}
        {me && <NameForm me={me} />}
        <Password />
        <section className={shell.panel}>
          <Group justify="space-between">
            <div>
              <h2>Colours</h2>
              <Text size="sm" c="dimmed">
                Kept in this browser.
              </Text>
            </div>
            <SchemeControl />
          </Group>
        </section>
        <Tokens />
      </Stack>
    </div>
  );
}

/** A notice for an unverified address, whose account others cannot add to their projects. */
function Verification({ email }: { email: string }) {
  const request = useRequestVerification();
  const mailed = () => toastDone(`A mail was sent to ${email}. Its link verifies your address.`);
  const action = (
    <Button
      variant="default"
      onClick={() => request.mutate(undefined, { onSuccess: mailed, onError: toastProblem })}
      loading={request.isPending}
    >
      Send verification mail
    </Button>
  );
  return (
    <Notice tone="warn" action={action}>
      Your address is not verified. When others add you to a project, you join it once a mailed link or an
      operator verifies your address.
    </Notice>
  );
}

function NameForm({ me }: { me: Me }) {
  const [name, setName] = useState(me.name);
  const rename = useRenameMe();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate(name.trim(), { onSuccess: () => toastDone("Your name is changed.") });
  };
  return (
    <section className={shell.panel}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {rename.error && <ProblemNotice error={rename.error} />}
          <TextInput label="E-mail" value={me.email} readOnly description="You log in with it." />
          <Group align="flex-end" gap="xs">
            <TextInput
              label="Name"
              flex={1}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              description="What the others in your projects see."
              maxLength={120}
            />
            <Button type="submit" h={36} disabled={name.trim() === me.name} loading={rename.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </section>
  );
}
