import { Center, Loader, Modal, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Suspense, useEffect, useState } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { SESSION_ENDED, SESSION_RESUMED, sessionEnded } from "../../server/client";
import { useMe } from "../../server/me";
import { Problem } from "../../server/problem";
import { ProblemNotice } from "../bits/Notice";
import { LeaveGuard } from "../unsaved/LeaveGuard";
import { useSendingUnsent } from "../unsent/useUnsent";
import { LoginForm } from "./LoginForm";

/** Everything that needs a login. Nobody logged in at the start: to the login page; later: a login over the page. */
export function Session() {
  const me = useMe();
  const location = useLocation();
  if (me.data) return <Inside person={me.data.id} email={me.data.email} />;
  if (me.error instanceof Problem && sessionEnded(me.error)) {
    const next = encodeURIComponent(location.pathname + location.search);
    return <Navigate to={`/login?next=${next}`} replace />;
  }
  if (me.error) {
    return (
      <Center h="100%" p="lg">
        <ProblemNotice error={me.error} retry={() => me.refetch()} />
      </Center>
    );
  }
  return <Waiting />;
}

function Inside({ person, email }: { person: string; email: string }) {
  useSendingUnsent(person);
  return (
    <>
      <Suspense fallback={<Waiting />}>
        <Outlet />
      </Suspense>
      <LeaveGuard />
      <LoginAgain email={email} />
    </>
  );
}

/** The page underneath stays as it is, with its unsaved work; after the login its queries are asked again. */
function LoginAgain({ email }: { email: string }) {
  const [ended, setEnded] = useState(false);
  const client = useQueryClient();
  useEffect(() => {
    const show = () => setEnded(true);
    window.addEventListener(SESSION_ENDED, show);
    return () => window.removeEventListener(SESSION_ENDED, show);
  }, []);
  const done = () => {
    setEnded(false);
    window.dispatchEvent(new Event(SESSION_RESUMED));
    void client.invalidateQueries();
  };
  return (
    <Modal
      opened={ended}
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title="Your session has ended"
      size="sm"
    >
      <Text size="sm" c="dimmed" mb="sm">
        This page and your work on it are kept. Log in to go on.
      </Text>
      <LoginForm email={email} onDone={done} />
    </Modal>
  );
}

const Waiting = () => (
  <Center h="100%">
    <Loader size="sm" aria-label="Loading" />
  </Center>
);
