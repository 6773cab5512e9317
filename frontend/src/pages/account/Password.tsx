import { Button, Checkbox, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useChangePassword } from "../../server/me";
import { Problem } from "../../server/problem";
import { ProblemNotice } from "../../ui/bits/Notice";
import { toastDone } from "../../ui/bits/toast";
import shell from "../../ui/shell/shell.module.css";

/** Changes the password, which ends every other session of this person. */
export function Password() {
  const change = useChangePassword();
  const [current, setCurrent] = useState("");
  const [fresh, setFresh] = useState("");
  const [endTokens, setEndTokens] = useState(false);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const done = () => {
      setCurrent("");
      setFresh("");
      setEndTokens(false);
      toastDone("Your password is changed. Your other sessions have ended.");
    };
    change.mutate(
      { current_password: current, new_password: fresh, end_tokens: endTokens },
      { onSuccess: done },
    );
  };

  const about = (pointer: string) =>
    change.error instanceof Problem ? change.error.about(pointer) : undefined;
  const wrong = { current: about("/current_password"), fresh: about("/new_password") };
  return (
    <section className={shell.panel}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <div>
            <h2>Password</h2>
            <Text size="sm" c="dimmed">
              A new password logs you out everywhere but here.
            </Text>
          </div>
          {change.error && !wrong.current && !wrong.fresh && <ProblemNotice error={change.error} />}
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            error={wrong.current}
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <PasswordInput
            label="New password"
            description="At least 10 characters; a few words are easier to remember."
            autoComplete="new-password"
            required
            withAsterisk={false}
            minLength={10}
            error={wrong.fresh}
            value={fresh}
            onChange={(event) => setFresh(event.currentTarget.value)}
          />
          <Checkbox
            label="Also delete my API tokens"
            description="Scripts that use them stop working."
            checked={endTokens}
            onChange={(event) => setEndTokens(event.currentTarget.checked)}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={change.isPending}>
              Change password
            </Button>
          </Group>
        </Stack>
      </form>
    </section>
  );
}
