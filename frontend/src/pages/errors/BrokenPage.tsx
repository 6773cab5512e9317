import { Button, Code } from "@mantine/core";
import { useRouteError } from "react-router";
import { EmptyState } from "../../ui/bits/EmptyState";
import shell from "../../ui/shell/shell.module.css";

/** What is left when a page's code fails: a way on, and the message for whoever is asked for help. */
export function BrokenPage() {
  const error = useRouteError();
  return (
    <main className={`${shell.page} ${shell.narrow}`}>
      <EmptyState Heading="h1" title="This page broke" action={<ReloadButton />}>
        What was saved is safe on the server, and unsent edits are kept in this browser. Reload the page; if
        it breaks again, send this line to whoever runs Maskwright here: <Code>{messageOf(error)}</Code>
      </EmptyState>
    </main>
  );
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : "unknown error");

const ReloadButton = () => <Button onClick={() => window.location.reload()}>Reload</Button>;
