import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { logIn } from "../../server/login";
import { sentenceOf } from "../../server/problem";
import { Notice } from "../bits/Notice";

interface LoginFormProps {
  onDone: () => void;
  /** Known already when the session ended under somebody's hands. */
  email?: string;
}

export function LoginForm({ onDone, email: known = "" }: LoginFormProps) {
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const [refusal, setRefusal] = useState<string>();
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setRefusal(undefined);
    try {
      await logIn(email.trim(), password);
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
        <TextInput
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
          data-autofocus={known === "" || undefined}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus={known !== "" || undefined}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={busy} mt={4} fullWidth>
          Log in
        </Button>
      </Stack>
    </form>
  );
}
