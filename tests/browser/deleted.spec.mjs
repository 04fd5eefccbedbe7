// What was deleted is listed in the settings, is brought back from there, and takes what another tab still holds of it.
import { expect, expectAccessible, expectToFit, picture, saved, signIn, test } from "./fixtures.mjs";

// The answers to saving and looking at what is deleted, to saving over another version, and to what needs something else first.
test.use({ workspace: "deleted", startOptions: ["--allow", "local", "--empty"], expectedStatuses: [404, 409, 412] });

const NAME = "Say hello";

const bundle = {
  format: "nimbus.bundle/1",
  runbooks: [
    {
      id: "hello",
      name: NAME,
      enabled: true,
      start: { access: "desk" },
      first_step: "done",
      steps: [{ id: "done", name: "Done", type: "end", outcome: "success", at: [0, 0] }],
    },
  ],
};

test("a deleted runbook is brought back from the settings, and another tab's changes with it", async ({ page, nimbus, context }) => {
  const main = page.getByRole("main");
  await nimbus.call("POST", "/console/import", bundle);
  await signIn(page, nimbus);

  await test.step("the settings lead there, and nothing is deleted yet", async () => {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).click();
    await main.getByRole("link", { name: "Deleted", exact: true }).click();
    await expect(page).toHaveURL("/settings/deleted");
    await expect(page.getByRole("heading", { name: "Deleted", level: 1 })).toBeVisible();
    await expect(main).toContainText("Nothing to bring back");
    await expectAccessible(page);
  });

  const other = await context.newPage();
  const otherMain = other.getByRole("main");
  await test.step("another tab has it open, and cannot save", async () => {
    await other.goto("/runbooks/hello?tab=details");
    const name = other.getByRole("textbox", { name: "Name", exact: true }).first();
    await expect(name).toHaveValue(NAME);
    await nimbus.call("POST", "/console/desk-actions", { name: "Hello", system_use: "queue_runbook", runbook: "hello" });
    await nimbus.call("DELETE", "/console/desk-actions/Hello");
    await nimbus.call("DELETE", "/console/runbooks/hello");
    await name.fill("Say good day");
    await name.press("Enter");
    await other.getByRole("button", { name: "Save", exact: true }).click();
    await expect(otherMain).toContainText("Not saved. The runbook was deleted.");
    await expect(otherMain.getByRole("link", { name: /Settings > Deleted/ })).toHaveAttribute("href", "/settings/deleted");
    await expectAccessible(other);
    await picture(other, "deleted-not-saved");
  });

  const row = (name) => page.getByRole("table", { name: "Deleted" }).locator("tbody").getByRole("row").filter({ hasText: name });
  await test.step("its address says so, too", async () => {
    await page.goto("/runbooks/hello");
    await expect(main).toContainText("The runbook was deleted");
    await main.getByRole("link", { name: "Deleted", exact: true }).click();
    await expect(row(NAME)).toContainText("Runbook");
  });

  await test.step("the action needs the runbook first", async () => {
    await row("Hello").getByRole("button", { name: "Bring back Hello", exact: true }).click();
    await expect(main.getByRole("alert")).toContainText("Hello was not brought back.");
    await expect(main.getByRole("alert")).toContainText("Bring the runbook back first");
    await expectAccessible(page);
    for (const width of [1280, 400]) {
      await page.setViewportSize({ width, height: 800 });
      await picture(page, `deleted-${width}`);
      await expectToFit(page);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  await test.step("it is brought back, and the keyboard goes on at the next", async () => {
    await page.getByRole("button", { name: `Bring back ${NAME}` }).click();
    await expect(main.getByRole("status")).toContainText(`${NAME} is back.`);
    await expect(row(NAME)).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Bring back Hello", exact: true })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(main.getByRole("status")).toContainText("Hello is back.");
    await expect(main).toContainText("Nothing to bring back");
    await main.getByRole("link", { name: "Open it" }).click();
    await expect(page).toHaveURL("/settings/actions/Hello");
  });

  await test.step("the other tab saves what it holds", async () => {
    await other.getByRole("button", { name: "Save", exact: true }).click();
    await other.getByRole("dialog", { name: "Somebody else saved this" }).getByRole("button", { name: "Keep mine" }).click();
    await saved(other);
    expect((await nimbus.call("GET", "/console/runbooks/hello")).name).toBe("Say good day");
  });
});

test("the item of a menu that has the focus is outlined", async ({ page, nimbus }) => {
  await nimbus.call("POST", "/console/import", bundle);
  await signIn(page, nimbus);
  await page.goto("/runbooks/hello");
  await page.getByRole("button", { name: "More", exact: true }).press("Enter");
  const item = page.getByRole("menuitem").first();
  await expect(item).toBeFocused();
  await expect(item).toHaveCSS("outline-style", "solid");
  await page.keyboard.press("ArrowDown");
  await expect(item).toHaveCSS("outline-style", "none");
});

test("where a runbook is chosen, drafts and those that are switched off say so", async ({ page, nimbus }) => {
  const runbook = (id, name, enabled) => ({ ...bundle.runbooks[0], id, name, enabled });
  const runbooks = [runbook("on", "Ready", true), runbook("off", "Resting", true), runbook("draft", "Sketch", false)];
  await nimbus.call("POST", "/console/import", { ...bundle, runbooks });
  const { version, ...off } = await nimbus.call("GET", "/console/runbooks/off");
  await nimbus.call("PUT", "/console/runbooks/off", { ...off, enabled: false }, { "if-match": String(version) });
  await nimbus.call("PUT", "/console/runbooks/draft", { ...runbook("draft", "Sketch", true) }, { "if-match": "*" });
  await signIn(page, nimbus);
  for (const [address, label] of [
    ["/settings/new-event", "Runbook"],
    ["/settings/new-schedule", "Runbook"],
    ["/settings/new-action", "Runbook"],
  ]) {
    await page.goto(address);
    if (address.endsWith("action")) await page.getByLabel("Queue a runbook").check();
    const options = page.getByLabel(label, { exact: true }).locator("option");
    await expect(options.filter({ hasText: "Ready" })).toHaveText("Ready");
    await expect(options.filter({ hasText: "Resting" })).toHaveText("Resting (switched off)");
    await expect(options.filter({ hasText: "Sketch" })).toHaveText("Sketch (not published)");
  }
});
