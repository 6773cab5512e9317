import { useLocation, useNavigate } from "react-router";
import { setPassword } from "../../server/login";
import { useTitle } from "../../ui/bits/useTitle";
import { Frame } from "./Frame";
import { PasswordForm } from "./PasswordForm";

/** The page of a password link. Its key is the URL's fragment, which no server logs. */
export function NewPasswordPage() {
  useTitle("New password");
  const key = useLocation().hash.slice(1);
  const navigate = useNavigate();
  return (
    <Frame
      title="Choose a new password"
      lead="It replaces the old one. Everyone who is logged in to this account is logged out."
    >
      <PasswordForm
        send={(password) => setPassword(key, password)}
        onDone={() => navigate("/login?welcome=1")}
      />
    </Frame>
  );
}
