// What is saved is not what runs: a runbook runs as it was published, and the pages say so where one would expect otherwise.
import { expect, signIn, test } from "./fixtures.mjs";

test.use({ workspace: "published" });

const RUNBOOK = "0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0100";
const METHOD = "0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0011";
const INTEGRATION = "0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0001";

test("a changed method is told to run only once its runbook is published again", async ({ page, nimbus }) => {
  await signIn(page, nimbus);
  const notice = page.getByText("These runbooks run what was published before", { exact: false });
  await page.goto(`/integrations/${INTEGRATION}/methods/${METHOD}`);
  await expect(page.getByRole("textbox", { name: "Name", exact: true }).or(page.getByRole("heading", { level: 1 })).first()).toBeVisible();
  await expect(notice).toHaveCount(0);

  const { version, ...method } = await nimbus.call("GET", `/console/methods/${METHOD}`);
  for (const beside of ["updated_at", "missing_secrets", "integration"]) delete method[beside];
  await nimbus.call("PUT", `/console/methods/${METHOD}`, { ...method, timeout_ms: 5000 }, { "if-match": `"${version}"` });
  await page.reload();
  await expect(notice).toBeVisible();
  await page.goto(`/integrations/${INTEGRATION}`);
  await expect(notice).toBeVisible();

  await page.getByRole("main").getByRole("link", { name: "Ask ChatGPT a Question" }).click();
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("main")).toContainText("Published, version 2");
  await page.goBack();
  await expect(page.getByRole("tab", { name: "Details" })).toBeVisible();
  await expect(notice).toHaveCount(0);
});

test("a ticket offers only what would start", async ({ page, nimbus }) => {
  await signIn(page, nimbus);
  const runbook = await nimbus.call("POST", "/console/runbooks", { name: "Not yet published" });
  await nimbus.call("PUT", "/console/desk-actions/Too%20early", { name: "Too early", system_use: "queue_runbook", runbook: runbook.id }, { "if-match": '"0"' });
  await page.goto("/desk/tickets/1001");
  await expect(page.getByRole("button", { name: "Ask ChatGPT a Question" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Too early" })).toHaveCount(0);
});

test("an answer keeps its lines", async ({ page, nimbus }) => {
  await signIn(page, nimbus);
  const note = "First line\n\n1. one\n2. two";
  await nimbus.call("POST", "/api/Actions", [{ ticket_id: 1002, outcome: "ChatGPT", note_html: note }]);
  await nimbus.call("POST", "/api/Actions", [{ ticket_id: 1002, outcome: "Listed", note_html: "<ul><li>one</li>\n<li>two</li></ul>" }]);
  await page.goto("/desk/tickets/1002");
  const entry = page.getByRole("region", { name: "Actions" }).getByRole("listitem").filter({ hasText: "First line" });
  await expect.poll(() => entry.locator(".prose-html").innerText()).toBe(note);
  const list = page.getByRole("region", { name: "Actions" }).locator(".prose-html ul");
  await expect(list).toHaveCSS("list-style-type", "disc");
  await expect(list).toHaveCSS("white-space-collapse", "collapse");
});

test("a run that ends as failed does not look as if it had gone well", async ({ page, nimbus }) => {
  await signIn(page, nimbus);
  const { run_id } = await nimbus.call("POST", `/console/runbooks/${RUNBOOK}/start`, { variables: { TicketId: 999999, Prompt: "x" } });
  await page.goto(`/runs/${run_id}`);
  await expect(page.getByRole("main")).toContainText("Failed");
  await expect(page.getByRole("link", { name: "ends as failed Not answered" })).toBeVisible();
});
