import { Anchor, Skeleton, Stack } from "@mantine/core";
import { Link, useLocation, useNavigate, useParams } from "react-router";
import { acceptInvitation, useInvited } from "../../server/invitations";
import { Problem, sentenceOf } from "../../server/problem";
import { Notice, ProblemNotice } from "../../ui/bits/Notice";
import { useTitle } from "../../ui/bits/useTitle";
import { Frame } from "./Frame";
import { PasswordForm } from "./PasswordForm";

/** The page of an invitation link. Its key is the URL's fragment, which no server logs. */
export function InvitePage() {
  useTitle("Welcome");
  const { key: inPath = "" } = useParams();
  const key = useLocation().hash.slice(1) || inPath;
  const navigate = useNavigate();
  const invited = useInvited(key);
  if (invited.isPending) {
    return (
      <Frame title={WELCOME}>
        <Skeleton h={120} />
      </Frame>
    );
  }
  if (invited.error) return <Refused error={invited.error} retry={() => invited.refetch()} />;
  const { email, is_new } = invited.data;
  const lead = is_new
    ? `Choose a password for your new account. You will log in with it and ${email}.`
    : `Choose a new password for the account of ${email}. All who are logged in to it will be logged out.`;
  return (
    <Frame title={is_new ? WELCOME : "Verify your address"} lead={lead}>
      <PasswordForm
        send={(password) => acceptInvitation(key, password)}
        onDone={() => navigate("/login?welcome=1")}
      />
    </Frame>
  );
}

const WELCOME = "Welcome to Maskwright";

/** Explains why the link does not work. When the server is away, offers a retry. */
function Refused({ error, retry }: { error: Error; retry: () => void }) {
  if (!(error instanceof Problem) || error.passing) {
    return (
      <Frame title={WELCOME}>
        <ProblemNotice error={error} retry={retry} />
      </Frame>
    );
  }
  return (
    <Frame title="This invitation does not work">
      <Stack gap="sm" mt="sm">
        <Notice tone="bad">{sentenceOf(error)}</Notice>
        <Anchor component={Link} to="/login">
          Go to the login
        </Anchor>
      </Stack>
    </Frame>
  );
}
