import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal, renderPage, serve } from "../../testing/page";
import { ForgotPasswordPage } from "./ForgotPasswordPage";
import { NewPasswordPage } from "./NewPasswordPage";

const AUTH = "/_allauth/browser/v1/auth";
const nobody = { [`GET ${AUTH}/session`]: new Refusal(401, { status: 401 }) };

afterEach(() => vi.unstubAllGlobals());

async function requestLink() {
  await userEvent.type(screen.getByLabelText("E-mail"), "ana@example.org");
  await userEvent.click(screen.getByRole("button", { name: "Mail me a link" }));
}

test("a requested link says nothing about whether there is an account", async () => {
  const sent = serve({ ...nobody, [`POST ${AUTH}/password/request`]: { status: 200 } });
  renderPage(<ForgotPasswordPage />);
  await requestLink();
  expect((await screen.findByRole("status")).textContent).toContain("If there is an account");
  expect(sent.at(-1)?.body).toEqual({ email: "ana@example.org" });
});

test("without mail the page says whom to ask", async () => {
  const detail = "This installation sends no mail. Ask one of its operators.";
  const refusal = new Refusal(409, { status: 409, code: "no_mail", detail });
  serve({ ...nobody, [`POST ${AUTH}/password/request`]: refusal });
  renderPage(<ForgotPasswordPage />);
  await requestLink();
  expect((await screen.findByRole("alert")).textContent).toBe(detail);
});

test("a password link sends its key, which stands behind the #", async () => {
  const sent = serve({ ...nobody, [`POST ${AUTH}/password/reset`]: new Refusal(401, { status: 401 }) });
  const place = { path: "/new-password", at: "/new-password#abc-1", others: [{ path: "*", element: null }] };
  const { router } = renderPage(<NewPasswordPage />, place);
  await userEvent.type(screen.getByLabelText("New password"), "some good words");
  await userEvent.click(screen.getByRole("button", { name: "Set the password" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/login"));
  expect(sent.at(-1)?.body).toEqual({ key: "abc-1", password: "some good words" });
});

test("a used link says so", async () => {
  const errors = [{ param: "key", message: "The token was invalid.", code: "x" }];
  serve({ ...nobody, [`POST ${AUTH}/password/reset`]: new Refusal(400, { errors }) });
  renderPage(<NewPasswordPage />, { path: "/new-password", at: "/new-password#abc-1" });
  await userEvent.type(screen.getByLabelText("New password"), "some good words");
  await userEvent.click(screen.getByRole("button", { name: "Set the password" }));
  expect((await screen.findByRole("alert")).textContent).toContain("used already");
});
