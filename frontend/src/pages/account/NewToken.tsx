import { Button, Checkbox, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Scope, NewToken as Token } from "../../server/types";

/** The scopes of a token. Each includes reading. */
export const SCOPES: { scope: Scope; word: string; about: string }[] = [
  { scope: "annotate", word: "Annotate", about: "Predict, draw and submit annotations, comment" },
  { scope: "review", word: "Review", about: "Accept and reject annotations, comment" },
  { scope: "manage", word: "Manage", about: "Upload images, assign them, change projects and members" },
  { scope: "export", word: "Export", about: "Create and download exports" },
];

const LIFETIMES = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
  { value: "", label: "No end" },
];
const HOUR_MS = 3600 * 1000;

interface NewTokenProps {
  busy: boolean;
  onCreate: (token: Token, options: { onSuccess: () => void }) => void;
}

export function NewToken({ busy, onCreate }: NewTokenProps) {
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<string[]>([]);
  const [days, setDays] = useState("90");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const scopes: Scope[] = ["read", ...SCOPES.map(({ scope }) => scope).filter((it) => chosen.includes(it))];
    const token = { name: name.trim(), scopes, expires_at: endOf(days, new Date()) };
    onCreate(token, { onSuccess: () => setName((now) => (now === name ? "" : now)) });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group gap="xs" align="flex-end">
          <TextInput
            flex={1}
            label="Name"
            placeholder="What it is for, for example nightly import"
            value={name}
            maxLength={100}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NativeSelect
            label="Expires after"
            w={120}
            data={LIFETIMES}
            value={days}
            onChange={(event) => setDays(event.currentTarget.value)}
          />
        </Group>
        <Checkbox.Group label="Besides reading, the token may" value={chosen} onChange={setChosen}>
          <Stack gap={6} mt={6}>
            {SCOPES.map(({ scope, word, about }) => (
              <Checkbox key={scope} value={scope} label={word} description={about} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Group justify="flex-end">
          <Button type="submit" variant="default" disabled={name.trim() === ""} loading={busy}>
            Create token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** This many days from the last full hour, or null for never: a second try names the same moment. */
export function endOf(days: string, now: Date): string | null {
  const hour = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS;
  return days === "" ? null : new Date(hour + Number(days) * 24 * HOUR_MS).toISOString();
}
