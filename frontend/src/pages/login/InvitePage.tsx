import { Button, PasswordInput, Stack } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { setPassword } from "../../server/login";
import { sentenceOf } from "../../server/problem";
import { Notice } from "../../ui/bits/Notice";
import { useTitle } from "../../ui/bits/useTitle";
import { Frame } from "./Frame";

/** The page behind an invitation link: sets the account's first password. */
export function InvitePage() {
  useTitle("Welcome");
  const { key = "" } = useParams();
  const navigate = useNavigate();
  return (
    <Frame title="Welcome to Maskwright" lead="Choose a password for your new account.">
      <PasswordForm inviteKey={key} onDone={() => navigate("/login?welcome=1")} />
    </Frame>
  );
}

function PasswordForm({ inviteKey, onDone }: { inviteKey: string; onDone: () => void }) {
  const [password, setTyped] = useState("");
  const [refusal, setRefusal] = useState<string>();
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await setPassword(inviteKey, password);
      onDone();
    } catch (error) {
      setRefusal(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {refusal && <Notice tone="bad">{refusal}</Notice>}
        <PasswordInput
          label="New password"
          description="At least 10 characters; a few words are easier to remember."
          autoComplete="new-password"
          required
          withAsterisk={false}
          minLength={10}
          value={password}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" loading={busy} mt={4} fullWidth>
          Set the password
        </Button>
      </Stack>
    </form>
  );
}
