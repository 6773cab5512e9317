import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal, renderPage, serve } from "../../testing/page";
import { InvitePage } from "./InvitePage";
import { LoginPage, safeNext } from "./LoginPage";

const AUTH = "/_allauth/browser/v1/auth";
const nobody = { [`GET ${AUTH}/session`]: new Refusal(401, { status: 401 }) };
const elsewhere = [{ path: "*", element: null }];

afterEach(() => vi.unstubAllGlobals());

async function logIn() {
  const user = userEvent.setup();
  await user.type(screen.getByLabelText("E-mail"), "ana@example.org");
  await user.type(screen.getByLabelText("Password"), "words");
  await user.click(screen.getByRole("button", { name: "Log in" }));
}

test("after the login one is where one wanted to go", async () => {
  const sent = serve({ ...nobody, [`POST ${AUTH}/login`]: { status: 200 } });
  const { router } = renderPage(<LoginPage />, {
    path: "/login",
    at: "/login?next=%2Fimages%2F7",
    others: elsewhere,
  });
  await logIn();
  await waitFor(() => expect(router.state.location.pathname).toBe("/images/7"));
  expect(sent.at(-1)?.body).toEqual({ email: "ana@example.org", password: "words" });
});

test("a wrong password and too many attempts each get a sentence", async () => {
  const answers = { ...nobody, [`POST ${AUTH}/login`]: new Refusal(400, { errors: [{ message: "no" }] }) };
  serve(answers);
  renderPage(<LoginPage />);
  await logIn();
  expect((await screen.findByRole("alert")).textContent).toContain("do not fit together");
  answers[`POST ${AUTH}/login`] = new Refusal(429, {});
  await userEvent.click(screen.getByRole("button", { name: "Log in" }));
  await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("Wait a few minutes"));
});

test("`next` never leads to another site", () => {
  expect(
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:1", null].map(safeNext),
  ).toEqual(Array(5).fill("/"));
  expect(safeNext("/projects/1?x=2")).toBe("/projects/1?x=2");
});

const place = { path: "/invite/:key?", at: "/invite#abc-1", others: elsewhere };
const invited = { "POST /invitations/check": { email: "new@x.org", is_new: true } };

test("an invitation sets the password, then leads to the login", async () => {
  const sent = serve({ ...invited, "POST /invitations/accept": {} });
  const { router } = renderPage(<InvitePage />, place);
  await userEvent.type(await screen.findByLabelText("New password"), "some good words");
  await userEvent.click(screen.getByRole("button", { name: "Set the password" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/login"));
  expect(sent[0]?.body).toEqual({ key: "abc-1" });
  expect(sent.at(-1)?.body).toEqual({ key: "abc-1", password: "some good words" });
});

test("a mailed link to an account that is set up says what it does", async () => {
  serve({ "POST /invitations/check": { email: "new@x.org", is_new: false } });
  renderPage(<InvitePage />, { ...place, at: "/invite/abc-1" });
  expect(await screen.findByRole("heading", { name: "Verify your address" })).toBeTruthy();
  expect(screen.getByText(/will be logged out/)).toBeTruthy();
});

test.each([
  [409, "invitation_accepted", "This invitation was used already."],
  [409, "invitation_expired", "This invitation has expired."],
  [404, "invitation_unknown", "This link is not valid here."],
])("a link that sets nothing any more says why (%i %s)", async (status, code, detail) => {
  serve({ "POST /invitations/check": new Refusal(status, { status, code, detail }) });
  renderPage(<InvitePage />, place);
  expect((await screen.findByRole("alert")).textContent).toBe(detail);
  expect(screen.queryByLabelText("New password")).toBeNull();
});

test("a weak password says why", async () => {
  const detail = "This password is too common.";
  serve({
    ...invited,
    "POST /invitations/accept": new Refusal(400, { code: "password_too_common", detail }),
  });
  renderPage(<InvitePage />, place);
  await userEvent.type(await screen.findByLabelText("New password"), "password12");
  await userEvent.click(screen.getByRole("button", { name: "Set the password" }));
  expect((await screen.findByRole("alert")).textContent).toBe(detail);
});
