import { Anchor } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearchParams } from "react-router";
import { keys } from "../../server/keys";
import { useTitle } from "../../ui/bits/useTitle";
import { LoginForm } from "../../ui/session/LoginForm";
import { Frame } from "./Frame";

/** The operators' pages come from the server, not from this router. */
const ADMIN = "/admin/";

export function LoginPage() {
  useTitle("Log in");
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const done = async () => {
    const next = safeNext(params.get("next"));
    if (next.startsWith(ADMIN)) return location.assign(next);
    await client.resetQueries({ queryKey: keys.me });
    navigate(next, { replace: true });
  };
  const lead = params.has("welcome")
    ? "Your password is set. Log in with it to begin."
    : "Use the e-mail address you were invited with.";
  return (
    <Frame title="Log in" lead={lead}>
      <LoginForm onDone={done} />
      <Anchor component={Link} to="/forgot-password" mt="sm" size="sm" display="block">
        Forgot your password?
      </Anchor>
    </Frame>
  );
}

/** Only a path of this site: `?next=` must not send anybody elsewhere. */
export function safeNext(next: string | null): string {
  const path = next ?? "/";
  return /^\/(?![/\\])/.test(path) ? path : "/";
}
