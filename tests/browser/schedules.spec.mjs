// A schedule is made in the settings, says when it comes next, and starts its runbook when it does; the clock is moved for that.
import { choose, expect, expectAccessible, expectToFit, nameIt, picture, saved, signIn, test } from "./fixtures.mjs";

test.use({ workspace: "schedules", startOptions: ["--allow", "local", "--empty", "--movable-clock"], timezoneId: "Europe/Berlin" });

const runbook = (id, name, mapping) => ({
  id,
  name,
  enabled: true,
  start: { access: "desk", inputs: [{ name: "Given", type: "string" }] },
  from_desk: mapping ? [{ name: "Given", value: mapping }] : [],
  first_step: "good",
  steps: [{ id: "good", name: "Done", type: "end", outcome: "success" }],
});

const bundle = {
  format: "nimbus.bundle/1",
  runbooks: [runbook("round", "Make the round"), runbook("remind", "Remind", "<<ticket^summary>>")],
};

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** What is written down about what comes next. */
const coming = (page) => page.getByRole("region", { name: "What comes next" });

test("a schedule that is made here says when it comes, and starts its runbook then", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  await nimbus.call("POST", "/console/import", bundle);
  await signIn(page, nimbus);

  await test.step("the settings lead to the schedules, which are explained", async () => {
    await page.getByRole("link", { name: "Settings" }).click();
    await main.getByRole("link", { name: "Schedules", exact: true }).click();
    await expect(main).toContainText("No schedules yet");
    await expectAccessible(page);
    await picture(page, "schedules-empty");
    await main.getByRole("link", { name: "New schedule" }).first().click();
  });

  await test.step("what is chosen is said in words, with the next five times", async () => {
    await nameIt(page, "Morning round");
    await expect(page.getByLabel("Time zone")).toHaveValue("Europe/Berlin");
    await expect(coming(page)).toContainText("Every weekday at 09:00");
    await expect(coming(page).getByRole("listitem")).toHaveCount(5);
    await expect(coming(page)).toContainText("by the clocks of Europe/Berlin");
    await page.getByLabel("How often").selectOption("Every so many minutes");
    await expect(page.getByLabel("Interval", { exact: true })).toHaveValue("15");
    await expect(coming(page)).toContainText("Every 15 minutes");
    await page.getByLabel("Interval", { exact: true }).selectOption("Every 20 minutes");
    await expect(page.getByLabel("Expression")).toHaveValue("*/20 * * * *");
    await expect(coming(page)).toContainText("Every 20 minutes");
    await page.getByLabel("How often").selectOption("Every month");
    await expect(page.getByLabel("Interval", { exact: true })).toHaveCount(0);
    await page.getByLabel("Day", { exact: true }).selectOption("The last one");
    await page.getByLabel("At", { exact: true }).fill("17:30");
    await page.getByLabel("At", { exact: true }).blur();
    await expect(page.getByLabel("Expression")).toHaveValue("30 17 L * *");
    await expect(coming(page)).toContainText("On the last day of the month at 17:30");
  });

  await test.step("a wrong expression and a wrong time zone are said at their fields", async () => {
    await page.getByLabel("Expression").fill("30 25 * * *");
    await expect(page.getByLabel("Expression")).toHaveAttribute("aria-invalid", "true");
    await expect(coming(page)).toContainText("Once the mistakes are mended");
    await page.getByLabel("Expression").fill("0 * * * *");
    await expect(page.getByLabel("Expression")).not.toHaveAttribute("aria-invalid", "true");
    await expect(page.getByLabel("How often")).toHaveValue("written");
    await expect(coming(page)).toContainText("Every hour");
    await page.getByLabel("Time zone").fill("Europe/Berlni");
    await page.getByLabel("Time zone").blur();
    await expect(main).toContainText("did you mean Europe/Berlin?");
    await page.getByLabel("Time zone").fill("Europe/Berlin");
    await page.getByLabel("Time zone").blur();
    await expect(coming(page).getByRole("listitem")).toHaveCount(5);
  });

  await test.step("what its runbook needs is named, and filled", async () => {
    await page.getByLabel("Runbook", { exact: true }).selectOption("Make the round");
    await expect(main).toContainText("needs its input variable");
    await page.getByLabel("Given").fill("<<schedule^name>>");
    await expect(main).not.toContainText("needs its input variable");
    await expectAccessible(page);
    await expectToFit(page);
    await picture(page, "schedule");
    await page.getByRole("button", { name: "Create" }).click();
    await saved(page);
    await page.reload();
    await expect(page.getByLabel("Expression")).toHaveValue("0 * * * *");
    await expect(page.getByLabel("Given")).toHaveValue("<<schedule^name>>");
  });

  await test.step("the clock goes on, and the run appears in the open log", async () => {
    await page.getByRole("link", { name: "Its starts" }).click();
    await expect(main).toContainText("No entry fits these filters");
    const rows = page.getByRole("table", { name: "Events" }).getByRole("row");
    await nimbus.moveClock(HOUR_MS);
    const entry = rows.filter({ hasText: "Morning round" }).first();
    await expect(entry).toContainText("Started");
    await entry.getByRole("link").first().click();
    await expect(main).toContainText("Succeeded");
    await expect(main).toContainText("Schedule Morning round");
    await expect(main).toContainText('"Morning round"');
    await picture(page, "schedule-run");
  });

  await test.step("the list tells the next time; deleting can be undone", async () => {
    await page.goto("/runbooks/round?tab=details");
    await expect(main).toContainText("Every hour");
    await main.getByRole("link", { name: "Morning round" }).click();
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Delete schedule" }).click();
    await expect(main).toContainText("No schedules yet");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(page.getByLabel("Expression")).toHaveValue("0 * * * *");
    await page.goto("/settings/schedules");
    const row = page.getByRole("table", { name: "Schedules" }).getByRole("row").filter({ hasText: "Morning round" });
    await expect(row).toContainText("Every hour");
    await expect(row).toContainText("(Europe/Berlin)");
    await expect(row).toContainText("Make the round");
    await expectAccessible(page);
    await expectToFit(page);
    await picture(page, "schedules");
    await page.setViewportSize({ width: 390, height: 800 });
    await expect(row.getByText("Every hour")).toBeVisible();
    await expect(row.getByText("On", { exact: true })).toBeVisible();
    expect((await row.boundingBox()).height).toBeLessThan(120);
    await expectToFit(page);
    await expectAccessible(page);
    await picture(page, "schedules-390");
    await nimbus.call("DELETE", `/console/schedules/${(await nimbus.call("GET", "/console/schedules")).items[0].id}`);
  });
});

test("a schedule by a date of tickets starts from an example, and the ticket says what it started", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  await nimbus.call("POST", "/console/import", bundle);
  await signIn(page, nimbus);
  const date = new Date(Date.now() + 2 * HOUR_MS);
  date.setMilliseconds(0);
  const made = await nimbus.call("POST", "/api/Tickets", [
    { summary: "The contract ends", tickettype_id: 1, customfields: [{ name: "CFContractEnd", value: date.toISOString() }] },
  ]);
  const ticket = [made].flat()[0].id;

  await test.step("the example is changed to a custom field", async () => {
    await page.goto("/settings/schedules");
    await main.getByRole("link", { name: "Start from an example" }).click();
    await nameIt(page, "Contract ends");
    await expect(coming(page)).toContainText("1 day after the date reported of a ticket that meets the condition");
    await choose(page, "Comes due", "Before a date of tickets");
    await page.getByLabel("How long").fill("30");
    await page.getByLabel("Unit").selectOption("minutes");
    await page.getByLabel("Date", { exact: true }).fill("CFContractEnd");
    await page.getByLabel("Date", { exact: true }).blur();
    await expect(coming(page)).toContainText("30 minutes before the date CFContractEnd of a ticket that meets the condition");
    await expect(coming(page)).toContainText("1 ticket within the next 7 days");
    await expect(coming(page).getByRole("link", { name: "The contract ends" })).toBeVisible();
    await page.getByLabel("Runbook", { exact: true }).selectOption("Remind");
    await expectAccessible(page);
    await picture(page, "schedule-by-date");
    await page.getByRole("button", { name: "Create" }).click();
    await saved(page);
  });

  await test.step("the run stands on the ticket, whose date it went by", async () => {
    await page.goto(`/desk/tickets/${ticket}`);
    await expect(main).toContainText("The contract ends");
    await nimbus.moveClock(2 * HOUR_MS - 20 * MINUTE_MS);
    await expect(main).toContainText("started by schedule Contract ends");
    await picture(page, "schedule-ticket");
  });
});
