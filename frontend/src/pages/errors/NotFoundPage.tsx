import { Button } from "@mantine/core";
import { Link } from "react-router";
import { EmptyState } from "../../ui/bits/EmptyState";
import { useTitle } from "../../ui/bits/useTitle";
import shell from "../../ui/shell/shell.module.css";

/** An address that leads nowhere, or to something that this person may not see: the server does not tell which. */
export function NotFoundPage() {
  useTitle("Not found");
  return (
    <div className={`${shell.page} ${shell.narrow}`}>
      <EmptyState Heading="h1" title="There is nothing here for you" action={<HomeButton />}>
        The address is mistyped, what it led to was deleted, or you are not a member of its project. A manager
        of the project can add you.
      </EmptyState>
    </div>
  );
}

export function ForbiddenPage() {
  return (
    <div className={`${shell.page} ${shell.narrow}`}>
      <EmptyState Heading="h1" title="Your roles here do not allow this" action={<HomeButton />}>
        Nothing was changed. Ask a manager of the project for the role that you need.
      </EmptyState>
    </div>
  );
}

const HomeButton = () => (
  <Button component={Link} to="/">
    To your work
  </Button>
);
