// The same runbook, started from outside: by a program that signs what it posts, and by the call that the Details tab
// offers to copy. Whoever watches the runs sees them come.
import { execFile } from "node:child_process";
import { createHmac } from "node:crypto";
import { promisify } from "node:util";
import { expect, picture, signIn, test } from "./fixtures.mjs";

test.use({ workspace: "from-outside", permissions: ["clipboard-read", "clipboard-write"] });

const RUNBOOK = "0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0100";
const API_KEY = "sk-that-nobody-may-read";

/** Starts the runbook as a program elsewhere does. */
async function start(nimbus, body, key) {
  const text = JSON.stringify(body);
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const response = await fetch(`${nimbus.url}/api/automation/${RUNBOOK}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-signature": `sha256=${signature}` },
    body: text,
  });
  return { status: response.status, body: await response.json() };
}

/** The completions come from the test's own service, so that the test says when. */
async function useService(nimbus, stub) {
  const integration = (await nimbus.call("GET", "/console/integrations")).items.find(({ name }) => name === "Completions");
  const { id, name, auth, version } = await nimbus.call("GET", `/console/integrations/${integration.id}`);
  const changed = { id, name, base_url: `${stub.url}/v1`, auth: { ...auth, token: { secret: API_KEY } } };
  await nimbus.call("PUT", `/console/integrations/${integration.id}`, changed, { "if-match": String(version) });
  await nimbus.call("POST", `/console/runbooks/${RUNBOOK}/publish`, {});
}

test("a signed POST starts the runbook, and its run appears while one watches", async ({ page, nimbus, stub }) => {
  await useService(nimbus, stub);
  // A service that gives its caller's key back: nobody may read it all the same.
  const release = stub.hold("POST", "/v1/completions", ({ headers }) => ({
    body: { choices: [{ text: "Ask Helen to try again." }], debug: headers.authorization },
  }));
  const main = page.getByRole("main");
  await signIn(page, nimbus);
  await page.goto("/runs");
  await expect(main).toContainText("No runs yet");

  await test.step("who signs with another key starts nothing", async () => {
    const refused = await start(nimbus, { ticket_id: 1002, question: "Hello?" }, "a-guess");
    expect(refused.status).toBe(401);
  });

  const row = page.getByRole("row", { name: /Public address/ });
  await test.step("the run appears by itself, and goes through its states", async () => {
    const answer = start(nimbus, { ticket_id: 1002, question: "Why does scanning fail?" }, "example-signing-key");
    await expect(row).toContainText("Running");
    await expect(row).toContainText("Ask Question");
    await picture(page, "story-run-appears");
    release();
    await expect(row).toContainText("Succeeded");
    const { status, body } = await answer;
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "succeeded", outputs: { ResponseText: "Ask Helen to try again." } });
    await expect(page.getByRole("table", { name: "Runs" }).getByRole("row")).toHaveCount(2);
  });

  await test.step("filters are kept in the address", async () => {
    await page.getByLabel("Status").selectOption("Failed");
    await expect(main).toContainText("No run fits these filters");
    await expect(page).toHaveURL(/status=failed/);
    await page.reload();
    await expect(main).toContainText("No run fits these filters");
    await page.getByLabel("Status").selectOption("Succeeded");
    await expect(row).toBeVisible();
    await page.getByRole("combobox", { name: "Runbook" }).fill("chatgpt question");
    await page.getByRole("option", { name: "Ask ChatGPT a Question" }).click();
    await expect(page).toHaveURL(new RegExp(`runbook=${RUNBOOK}`));
    await expect(row).toBeVisible();
  });

  await test.step("the run tells everything but the secrets", async () => {
    await row.getByRole("link").click();
    await expect(main).toContainText("Public address");
    const steps = page.getByRole("region", { name: "Steps of this run" });
    await steps.getByRole("link", { name: /Ask Question/ }).click();
    await main.getByText(/\d headers?/).first().click();
    await expect(main).toContainText("Bearer ••••••");
    await expect(main).toContainText("Why does scanning fail?");
    await expect(main.getByRole("row", { name: /ResponseText/ }).first()).toContainText("Ask Helen to try again.");
    await expect(page.getByText(API_KEY)).toHaveCount(0);
    await picture(page, "story-masked-run");
    const run = /runs\/([^?]+)/.exec(page.url())[1];
    const told = JSON.stringify(await nimbus.call("GET", `/console/runs/${run}`));
    expect(told).toContain("Ask Helen to try again.");
    expect(told).not.toContain(API_KEY);
  });

  expect(stub.requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${API_KEY}`]);
  const actions = await nimbus.call("GET", "/api/Actions?ticket_id=1002");
  expect(JSON.stringify(actions)).toContain("Ask Helen to try again.");
});

test("the call that the Details tab offers starts the runbook as it stands", async ({ page, nimbus, stub }) => {
  await useService(nimbus, stub);
  stub.on("POST", "/v1/completions", () => ({ body: { choices: [{ text: "It's done." }] } }));
  const main = page.getByRole("main");
  await signIn(page, nimbus);
  await page.goto(`/runbooks/${RUNBOOK}?tab=details`);

  let script;
  await test.step("with a new secret key the call is complete", async () => {
    await page.getByLabel("Secret key", { exact: true }).fill("it's-a-new-key");
    await page.getByText("A call to copy").click();
    await expect(main).toContainText("openssl dgst -sha256");
    await picture(page, "story-call-to-copy");
    await page.getByRole("button", { name: "Copy the call" }).click();
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await expect.poll(clipboard).toContain(`${nimbus.url}/api/automation/${RUNBOOK}`);
    script = await clipboard();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(main.getByText("Saved", { exact: true })).toBeVisible();
  });

  await test.step("a shell runs it, and the answer comes back", async () => {
    const { stdout } = await promisify(execFile)("sh", ["-c", script]);
    expect(JSON.parse(stdout)).toMatchObject({ status: "succeeded", outputs: { ResponseText: "It's done." } });
  });

  await test.step("the run is listed under the runbook", async () => {
    await page.getByRole("tab", { name: "Runs" }).click();
    await expect(page.getByRole("row", { name: /Public address/ }).first()).toContainText("Succeeded");
  });

  await test.step("the old key is good no more", async () => {
    expect((await start(nimbus, { ticket_id: 1002, question: "Hello?" }, "example-signing-key")).status).toBe(401);
  });
});
