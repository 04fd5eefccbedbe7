// A program logs in at the desk: for itself with a secret, and for a person who allows it in the browser.
import { createHash, randomBytes } from "node:crypto";
import { expect, expectAccessible, expectToFit, nameIt, picture, saved, signIn, test } from "./fixtures.mjs";

test.use({
  workspace: "applications",
  // The answer to an address that an application is not registered with.
  expectedStatuses: [400],
});

/** What a program sends to `/auth/…`. */
async function form(nimbus, path, fields) {
  const response = await fetch(nimbus.url + path, { method: "POST", body: new URLSearchParams(fields) });
  return { status: response.status, body: await response.json() };
}

async function statusOf(nimbus, token, path) {
  const response = await fetch(nimbus.url + path, { headers: { authorization: `Bearer ${token}` } });
  return response.status;
}

test("an application is made in the settings, logs in, is allowed by a person, and is revoked", async ({ page, nimbus, stub, context }) => {
  const main = page.getByRole("main");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  stub.on("GET", "/callback", () => ({
    headers: { "content-type": "text/html" },
    body: '<!doctype html><html lang="en"><link rel="icon" href="data:," /><title>Reports</title><h1>Back at Reports</h1>',
  }));
  await signIn(page, nimbus);

  await test.step("it is made, with what it may do", async () => {
    await page.getByRole("link", { name: "Settings" }).click();
    await expect(main).toContainText("No API applications yet");
    await page.getByRole("link", { name: "New application" }).click();
    await nameIt(page, "Reports");
    await page.getByRole("button", { name: "Create" }).click();
    await expect(main.getByRole("alert")).toContainText("Choose at least one permission");
    await expect(page.getByLabel("all", { exact: true })).toBeFocused();
    await page.getByLabel("read:tickets", { exact: true }).check();
    await page.getByLabel("Authorization code").check();
    await page.getByLabel("Redirect URIs").fill("http://127.0.0.1/callback");
    await expectAccessible(page);
    await expectToFit(page);
    await picture(page, "application-new");
    await page.getByRole("button", { name: "Create" }).click();
  });

  let id, secret;
  await test.step("its secret is shown once", async () => {
    const once = main.getByRole("status").filter({ hasText: "shown only this once" });
    await expect(once).toBeVisible();
    secret = await once.getByRole("code").innerText();
    await once.getByRole("button", { name: "Copy the secret" }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
    id = new URL(page.url()).pathname.split("/").at(-1);
    await expect(main).toContainText(id);
    await page.getByRole("button", { name: "Copy the token address" }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(`${nimbus.url}/auth/token`);
    await page.getByText("A call to copy").click();
    await expect(main.locator("pre.code")).toContainText(`client_secret=${secret}`);
    await expect(main.locator("pre.code")).toContainText("scope=read:tickets");
    await expectAccessible(page);
    await picture(page, "application-secret");
    await page.reload();
    await expect(main).toContainText("Stored as a hash");
    await expect(main).not.toContainText(secret);
  });

  await test.step("it logs in with it, and may do no more than it was given", async () => {
    const asked = { grant_type: "client_credentials", client_id: id, client_secret: secret, scope: "all" };
    const { status, body } = await form(nimbus, "/auth/token", asked);
    expect([status, body.scope]).toEqual([200, "read:tickets"]);
    expect(await statusOf(nimbus, body.access_token, "/api/Tickets")).toBe(200);
    expect(await statusOf(nimbus, body.access_token, "/api/Client")).toBe(403);
  });

  const verifier = randomBytes(32).toString("base64url");
  const question = new URLSearchParams({
    client_id: id,
    redirect_uri: `${stub.url}/callback`,
    response_type: "code",
    scope: "all",
    state: "who knows?",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });

  await test.step("a person refuses", async () => {
    await page.goto(`/auth/authorize?${question}`);
    await expect(main).toContainText("Reports asks to act for");
    await expect(page.getByRole("list", { name: "What it could do" }).getByRole("listitem")).toHaveText(["Read tickets and their actions read:tickets"]);
    await expectAccessible(page);
    await expectToFit(page);
    await picture(page, "application-consent");
    await page.getByRole("button", { name: "Refuse" }).click();
    await expect(page.getByRole("heading", { name: "Back at Reports" })).toBeVisible();
    const answer = new URL(page.url()).searchParams;
    expect([answer.get("error"), answer.get("state"), answer.get("code")]).toEqual(["access_denied", "who knows?", null]);
  });

  await test.step("an address that is not the application's is never gone to", async () => {
    const elsewhere = new URLSearchParams(question);
    elsewhere.set("redirect_uri", `${stub.url}/elsewhere`);
    await page.goto(`/auth/authorize?${elsewhere}`);
    await expect(main.getByRole("alert")).toContainText("none of those that this application is registered with");
    expect(stub.requests.filter(({ path }) => path === "/elsewhere")).toEqual([]);
  });

  let access;
  await test.step("a person allows it, and the code gives tokens that act for them", async () => {
    await page.goto(`/auth/authorize?${question}`);
    await page.getByRole("button", { name: "Allow" }).click();
    await expect(page.getByRole("heading", { name: "Back at Reports" })).toBeVisible();
    const answer = new URL(page.url()).searchParams;
    expect(answer.get("state")).toBe("who knows?");
    const { status, body } = await form(nimbus, "/auth/token", {
      grant_type: "authorization_code",
      client_id: id,
      client_secret: secret,
      code: answer.get("code"),
      redirect_uri: `${stub.url}/callback`,
      code_verifier: verifier,
    });
    expect([status, body.scope]).toEqual([200, "read:tickets"]);
    expect(body.refresh_token).toBeTruthy();
    access = body.access_token;
    expect(await statusOf(nimbus, access, "/api/Tickets")).toBe(200);
  });

  await test.step("a limit is set on it", async () => {
    await page.goto(`/settings/applications/${id}`);
    await page.getByLabel("Limit its requests").check();
    await page.getByLabel("Requests", { exact: true }).fill("2");
    await page.getByLabel("In", { exact: true }).fill("3600");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await saved(page);
    const seen = [];
    for (let time = 0; time < 3; time += 1) seen.push(await statusOf(nimbus, access, "/api/Tickets"));
    expect(seen).toEqual([200, 200, 429]);
  });

  await test.step("its tokens are revoked, then it is deleted", async () => {
    await page.getByRole("button", { name: "Revoke all tokens" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await expect(page.getByText("All tokens are revoked")).toBeVisible();
    expect(await statusOf(nimbus, access, "/api/Tickets")).toBe(401);
    await page.getByRole("link", { name: "Settings" }).first().click();
    await expect(page.getByRole("table", { name: "API applications" })).toContainText("Reports");
    await picture(page, "application-list", { fullPage: true });
    await page.getByRole("link", { name: "Reports" }).click();
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Delete application" }).click();
    await expect(main).toContainText("No API applications yet");
    const news = page.getByRole("region", { name: "News" });
    await news.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("link", { name: "Reports" }).click();
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Delete application" }).click();
    await news.getByRole("button", { name: "Dismiss" }).last().click();
    await expect.poll(async () => (await nimbus.call("GET", "/console/applications")).items).toEqual([]);
    await expect(main).toContainText("No API applications yet");
  });
});
