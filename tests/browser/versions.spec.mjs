// The published versions of a runbook: which one is live, each on its chart, and its steps restored as the draft.
import { expect, expectAccessible, expectToFit, picture, saved, signIn, test } from "./fixtures.mjs";

test.use({ workspace: "versions", startOptions: ["--allow", "local", "--empty"] });

test.beforeEach(({ page, nimbus }) => signIn(page, nimbus));

const wait = (id, name, next, at) => ({ id, name, type: "sleep", for_ms: 1, next: { finished: next }, at });
const end = { id: "good", name: "Good", type: "end", outcome: "success", at: [720, 0] };

async function prepare(nimbus, id, steps = [wait("first", "First", "good", [360, 0]), end]) {
  await nimbus.call("POST", "/console/import", {
    format: "nimbus.bundle/1",
    runbooks: [{ id, name: `Wait of ${id}`, enabled: false, start: { access: "desk" }, first_step: "first", steps }],
  });
}

async function change(nimbus, id, edit) {
  const draft = await nimbus.call("GET", `/console/runbooks/${id}`);
  edit(draft);
  await nimbus.call("PUT", `/console/runbooks/${id}`, draft, { "If-Match": String(draft.version) });
}

const publish = (nimbus, id) => nimbus.call("POST", `/console/runbooks/${id}/publish`, {});
const rowsOf = (page) => page.getByRole("table", { name: "Versions" }).locator("tbody").getByRole("row");

test("a runbook that was never published says what to do", async ({ page, nimbus }) => {
  await prepare(nimbus, "draft");
  await page.goto("/runbooks/draft?tab=versions");
  await expect(page.getByRole("heading", { name: "Not published yet" })).toBeVisible();
  await expect(page.getByText("the draft becomes version 1")).toBeVisible();
  await picture(page, "versions-none");
  await expectAccessible(page);

  // It follows by itself.
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(rowsOf(page)).toHaveCount(1);
  await expect(rowsOf(page)).toContainText(/Version 1.*In the console.*Live/);
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Unpublish" }).click();
  await expect(rowsOf(page)).not.toContainText("Live");
});

test("a version is shown, and its steps are restored as a draft that undo takes back", async ({ page, nimbus }) => {
  await prepare(nimbus, "two");
  await publish(nimbus, "two");
  await change(nimbus, "two", (draft) => {
    draft.steps[0].name = "First, renamed";
    draft.steps[0].next.finished = "second";
    draft.steps.push(wait("second", "Second", "good", [360, 160]));
  });
  await publish(nimbus, "two");
  await page.goto("/runbooks/two?tab=versions");
  await expect(rowsOf(page)).toHaveCount(2);
  await expect(rowsOf(page).nth(0)).toContainText(/Version 2.*With the admin token.*Live/);
  await expect(rowsOf(page).nth(1)).toContainText("Version 1");
  await expect(rowsOf(page).nth(1)).not.toContainText("Live");

  await page.getByRole("button", { name: "Show version 1" }).click();
  await expect(page).toHaveURL(/version=1/);
  const shown = page.getByRole("region", { name: "Version 1" });
  const names = shown.locator(".step-card-name");
  await expect(names).toHaveText(["Start", "First", "Good"]);
  await expect(shown.getByRole("button", { name: "Add step" })).toHaveCount(0);
  await picture(page, "versions", { fullPage: true });
  await expectAccessible(page);
  await page.reload();
  await expect(names).toHaveText(["Start", "First", "Good"]);

  await page.getByRole("button", { name: "Restore version 1 as draft" }).click();
  const told = page.getByRole("status").filter({ hasText: "The draft has the steps of version 1 now." });
  await expect(told).toBeVisible();
  await expectAccessible(page);
  await told.getByRole("button", { name: "Undo" }).click();
  await expect(told).toHaveCount(0);
  await saved(page);

  // By the key, too, whatever was typed before.
  await page.getByRole("textbox", { name: "Name", exact: true }).first().fill("Wait for two");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Restore version 1 as draft" }).click();
  await expect(told).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(told).toHaveCount(0);
  await expect(page.getByRole("textbox", { name: "Name", exact: true }).first()).toHaveValue("Wait for two");

  await page.getByRole("button", { name: "Restore version 1 as draft" }).click();
  await told.getByRole("link", { name: "See it on the flow chart" }).click();
  await expect(page.locator(".step-card-name")).toHaveText(["Start", "First", "Good"]);
  await page.getByRole("toolbar", { name: "Chart" }).getByRole("button", { name: /^Undo: Restore the steps of version 1/ }).click();
  await expect(page.locator(".step-card-name")).toHaveText(["Start", "First, renamed", "Good", "Second"]);

  // What differs in nothing is no change.
  await page.getByRole("tab", { name: "Versions" }).click();
  await page.getByRole("button", { name: "Restore version 2 as draft" }).click();
  await expect(page.getByText("The draft has the steps of version 2 already.")).toBeVisible();
  await page.setViewportSize({ width: 400, height: 800 });
  await expectToFit(page);
  await picture(page, "versions-narrow", { fullPage: true });
});
