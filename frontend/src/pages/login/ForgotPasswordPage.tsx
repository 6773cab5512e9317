import { Anchor, Button, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Link } from "react-router";
import { requestPasswordLink } from "../../server/login";
import { sentenceOf } from "../../server/problem";
import { Notice } from "../../ui/bits/Notice";
import { useTitle } from "../../ui/bits/useTitle";
import { Frame } from "./Frame";

/** Mails a link that sets a new password, or says that this installation sends no mail. */
export function ForgotPasswordPage() {
  useTitle("Forgot your password?");
  const [email, setEmail] = useState("");
  const [refusal, setRefusal] = useState<string>();
  const [requested, setRequested] = useState(false);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setRefusal(undefined);
    try {
      await requestPasswordLink(email.trim());
      setRequested(true);
    } catch (error) {
      setRefusal(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Frame title="Forgot your password?" lead="Enter your e-mail address to get a link that sets a new one.">
      {requested ? (
        <Notice tone="ok">
          If there is an account with this address, a link was mailed to it. It works once, for three days.
        </Notice>
      ) : (
        <form onSubmit={submit}>
          <Stack gap="sm">
            {refusal && <Notice tone="bad">{refusal}</Notice>}
            <TextInput
              label="E-mail"
              type="email"
              autoComplete="username"
              required
              withAsterisk={false}
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <Button type="submit" loading={busy} mt={4} fullWidth>
              Mail me a link
            </Button>
          </Stack>
        </form>
      )}
      <Anchor component={Link} to="/login" mt="sm" size="sm" display="block">
        Back to the login
      </Anchor>
    </Frame>
  );
}
