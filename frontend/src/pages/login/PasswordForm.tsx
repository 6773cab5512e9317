import { Button, PasswordInput, Stack } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { sentenceOf } from "../../server/problem";
import { Notice } from "../../ui/bits/Notice";

interface PasswordFormProps {
  send: (password: string) => Promise<void>;
  onDone: () => void;
}

/** Sets a password, and shows a refusal in the form. */
export function PasswordForm({ send, onDone }: PasswordFormProps) {
  const [password, setTyped] = useState("");
  const [refusal, setRefusal] = useState<string>();
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await send(password);
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
