import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal, renderPage, serve } from "../../testing/page";
import { endOf } from "./NewToken";
import { Password } from "./Password";
import { Tokens } from "./Tokens";

afterEach(() => vi.unstubAllGlobals());

const TOKEN = {
  id: "1",
  name: "nightly import",
  scopes: ["read", "manage"],
  created_at: "2020-01-01T00:00:00Z",
  last_used_at: null,
  expires_at: "2020-02-01T00:00:00Z",
};

async function changePassword() {
  const user = userEvent.setup();
  await user.type(screen.getByLabelText("Current password"), "the old words");
  await user.type(screen.getByLabelText("New password"), "some good words");
  await user.click(screen.getByRole("button", { name: "Change password" }));
}

test("a password is changed, and the tokens go with it when one likes", async () => {
  const sent = serve({ "POST /me/password": {} });
  renderPage(<Password />);
  await userEvent.click(screen.getByLabelText("Also delete my API tokens"));
  await changePassword();
  expect(await screen.findByText(/other sessions have ended/)).toBeTruthy();
  const body = { current_password: "the old words", new_password: "some good words", end_tokens: true };
  expect(sent[0]?.body).toEqual(body);
  expect(sent[0]?.headers).not.toHaveProperty("Idempotency-Key");
});

test("a wrong current password is told at its field", async () => {
  const detail = "This is not your current password.";
  const errors = [{ pointer: "/current_password", code: "wrong_password", detail }];
  serve({ "POST /me/password": new Refusal(400, { code: "wrong_password", detail, errors }) });
  renderPage(<Password />);
  await changePassword();
  await screen.findByText(detail);
  const described = screen.getByLabelText("Current password").getAttribute("aria-describedby") ?? "";
  expect(document.getElementById(described)?.textContent).toBe(detail);
  expect(screen.getAllByText(detail)).toHaveLength(1);
});

test("a token gets the chosen scopes and an end", async () => {
  const sent = serve({ "GET /tokens": [], "POST /tokens": { ...TOKEN, token: "mw_secret" } });
  renderPage(<Tokens />);
  await userEvent.type(screen.getByLabelText("Name"), "nightly import");
  await userEvent.click(screen.getByLabelText("Export"));
  await userEvent.click(screen.getByLabelText("Manage"));
  await userEvent.selectOptions(screen.getByLabelText("Expires after"), "No end");
  await userEvent.click(screen.getByRole("button", { name: "Create token" }));
  expect(await screen.findByDisplayValue("mw_secret")).toBeTruthy();
  const posted = sent.find(({ method }) => method === "POST");
  expect(posted?.body).toEqual({
    name: "nightly import",
    scopes: ["read", "manage", "export"],
    expires_at: null,
  });
});

test("the list says what a token may, when it was used and that it has expired", async () => {
  serve({ "GET /tokens": [TOKEN] });
  renderPage(<Tokens />);
  const row = await screen.findByRole("row", { name: /nightly import/ });
  expect(row.textContent).toContain("read, manage");
  expect(row.textContent).toContain("never");
  expect(row.textContent).toContain("expired");
});

test("a lifetime is counted from now", () => {
  expect(endOf("30", new Date("2026-01-01T12:00:00Z"))).toBe("2026-01-31T12:00:00.000Z");
  expect(endOf("", new Date())).toBeNull();
});
