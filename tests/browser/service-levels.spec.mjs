// A service level is made in the settings; tickets show when they are due, and a missed deadline starts a runbook.
import { expect, expectAccessible, expectToFit, nameIt, picture, saved, signIn, test } from "./fixtures.mjs";

test.use({ workspace: "service-levels", startOptions: ["--allow", "local", "--empty", "--movable-clock"] });

const MINUTE = 60_000;

const bundle = {
  format: "nimbus.bundle/1",
  runbooks: [
    {
      id: "hurry",
      name: "Hurry",
      enabled: true,
      start: { access: "desk", inputs: [{ name: "Goal", type: "string" }] },
      first_step: "post",
      steps: [
        {
          id: "post",
          name: "Post",
          type: "desk_action",
          action: "add_action",
          body: '[{"ticket_id": <<ticket^id>>, "outcome": "Hurry", "note": "The <<Goal!>> is late"}]',
          next: { success: "good", failure: "bad" },
        },
        { id: "good", name: "Done", type: "end", outcome: "success" },
        { id: "bad", name: "Failed", type: "end", outcome: "failed" },
      ],
    },
  ],
  desk: { events: [{ event: "ticket_deadline", runbook: "hurry", name: "Hurry up", variables: [{ name: "Goal", value: "<<sla^goal>>" }] }] },
};

/** A ticket of the priority Critical. */
async function newTicket(nimbus, summary, more = {}) {
  const made = await nimbus.call("POST", "/api/Tickets", [{ summary, tickettype_id: 1, priority_id: 1, ...more }]);
  return [made].flat()[0].id;
}

test("a service level that is made here says when tickets are due, and a missed deadline starts a runbook", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  const critical = main.getByRole("group", { name: "Critical", exact: true });
  await nimbus.call("POST", "/console/import", bundle);
  await signIn(page, nimbus);

  await test.step("the settings lead to the service levels, which are explained", async () => {
    await page.getByRole("link", { name: "Settings" }).click();
    await main.getByRole("link", { name: "Service levels" }).click();
    await expect(main).toContainText("No service levels yet");
    await expectAccessible(page);
    await picture(page, "service-levels-empty");
    await main.getByRole("link", { name: "Start from an example" }).click();
  });

  await test.step("the example says at once what it means", async () => {
    await nameIt(page, "Around the clock");
    await expect(main).toContainText("A ticket with priority Critical opened now is to be answered by");
    await expect(page.getByRole("switch", { name: "Default" })).toBeChecked();
    await expect(page.getByLabel("With User")).toBeChecked();
  });

  await test.step("what is wrong is said at its field, and below", async () => {
    const monday = main.getByRole("group", { name: "Monday", exact: true });
    await monday.getByLabel("Monday until").fill("25:00");
    await expect(monday.getByLabel("Monday until")).toHaveAttribute("aria-invalid", "true");
    await expect(main).toContainText("It cannot be saved yet");
    await monday.getByLabel("Monday until").fill("08:00");
    await expect(monday).toContainText("(next day)");
    await page.getByRole("button", { name: "Add hours on Monday" }).click();
    await monday.getByLabel("Monday from").last().fill("10:00");
    await expect(monday).toContainText("These hours overlap with 09:00 to 08:00 of Monday");
    await monday.getByRole("button", { name: "Delete these hours of Monday" }).last().click();
    await expect(monday).not.toContainText("overlap");
    await monday.getByLabel("Monday from").fill("00:00");
    await monday.getByLabel("Monday until").fill("24:00");
    await page.getByRole("button", { name: "Copy Monday to Tuesday–Friday" }).click();
    await expect(main.getByRole("group", { name: "Friday", exact: true }).getByLabel("Friday until")).toHaveValue("24:00");
    for (const day of ["Saturday", "Sunday"]) {
      await page.getByRole("button", { name: `Add hours on ${day}` }).click();
      await expect(page.getByLabel(`${day} from`)).toBeFocused();
      await page.getByLabel(`${day} from`).fill("00:00");
      await page.getByLabel(`${day} until`).fill("24:00");
    }
    await page.getByRole("button", { name: "Add a holiday" }).click();
    await page.getByLabel("Name", { exact: true }).last().fill("Long ago");
    await expect(page.getByLabel("Date", { exact: true })).not.toHaveAttribute("aria-invalid", "true");
    await page.getByLabel("Date", { exact: true }).fill("yesterday");
    await expect(main).toContainText("is not a date");
    await page.getByLabel("Date", { exact: true }).fill("2001-01-01");
    await page.getByLabel("Every year").uncheck();
  });

  await test.step("its times are set, and it is made", async () => {
    await critical.getByLabel("Answer within", { exact: true }).fill("1");
    await critical.getByLabel("Answer within, counted in").selectOption("hours");
    await critical.getByLabel("Solve within", { exact: true }).fill("2");
    await critical.getByLabel("Solve within, counted in").selectOption("days");
    await expectAccessible(page);
    await expectToFit(page);
    await picture(page, "service-level", { fullPage: true });
    await page.getByRole("button", { name: "Create" }).click();
    await saved(page);
    await page.reload();
    await expect(critical.getByLabel("Solve within", { exact: true })).toHaveValue("2");
    await expect(critical.getByLabel("Solve within, counted in")).toHaveValue("days");
    await expect(page.getByLabel("Saturday until")).toHaveValue("24:00");
    await expect(page.getByLabel("Date", { exact: true })).toHaveValue("2001-01-01");
    await expect(main).toContainText("No open ticket has this service level.");
  });

  const late = await newTicket(nimbus, "The printer is on fire");
  const held = await newTicket(nimbus, "The coffee is cold", { status_id: 4 });
  await test.step("the list and the tickets say when they are due", async () => {
    await page.goto("/desk");
    const rows = page.getByRole("table", { name: "Tickets" }).getByRole("row");
    await expect(rows.filter({ hasText: "The printer is on fire" })).toContainText("Due in 59 min");
    await expect(rows.filter({ hasText: "The coffee is cold" })).toContainText("On hold");
    await page.setViewportSize({ width: 390, height: 800 });
    await expect(rows.filter({ hasText: "The printer is on fire" }).getByText(/^Due in 5\d min$/)).toBeVisible();
    await expect(page.getByRole("button", { name: "Due", exact: true })).toBeVisible();
    expect((await rows.filter({ hasText: "The printer is on fire" }).boundingBox()).height).toBeLessThan(100);
    await expectToFit(page);
    await picture(page, "service-level-tickets-390");
    // Nothing is cut or scrolls sideways on the way to where all columns have room.
    for (const width of [640, 700, 820, 896]) {
      await page.setViewportSize({ width, height: 800 });
      await expect(rows.filter({ hasText: "The printer is on fire" }).getByText(/^Due in 5\d min$/)).toBeVisible();
      expect((await rows.filter({ hasText: "The printer is on fire" }).boundingBox()).height).toBeLessThan(100);
      await expectToFit(page);
    }
    await picture(page, "service-level-tickets-896");
    await page.setViewportSize({ width: 900, height: 800 });
    const summary = page.getByRole("table", { name: "Tickets" }).getByRole("columnheader", { name: "Summary" });
    expect((await summary.boundingBox()).width).toBeGreaterThan(120);
    await expectToFit(page);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`/desk/tickets/${held}`);
    await expect(main.getByRole("complementary", { name: "Fields" })).toContainText("On hold");
    await page.goto(`/desk/tickets/${late}`);
    const fields = main.getByRole("complementary", { name: "Fields" });
    await expect(fields).toContainText("Around the clock");
    await expect(fields).toContainText("Due in 59 min");
    await expect(fields).toContainText("Due in 1 day");
    await expectAccessible(page);
    await picture(page, "service-level-ticket");
  });

  await test.step("a missed deadline starts the runbook on the open page", async () => {
    await nimbus.moveClock(61 * MINUTE);
    await expect(main).toContainText("The response is late");
    await expect(main).toContainText("started by event Ticket Deadline");
    await page.goto("/settings/events-log");
    const row = page.getByRole("table", { name: "Events" }).getByRole("row").filter({ hasText: "The printer is on fire" });
    await expect(row).toContainText("Ticket Deadline");
    await expect(row).toContainText("Started");
  });

  await test.step("an answer that the user sees stops that clock", async () => {
    await nimbus.call("POST", "/api/Actions", [{ ticket_id: late, outcome: "Email User", note: "We are on it" }]);
    await page.goto(`/desk/tickets/${late}`);
    await expect(main.getByRole("complementary", { name: "Fields" })).toContainText("Too late");
  });

  await test.step("the event editor offers the goal", async () => {
    await page.goto("/settings/new-event");
    await page.getByLabel("Event", { exact: true }).selectOption("First SLA Warning");
    await page.getByRole("button", { name: "Add a condition" }).click();
    await page.getByLabel("Field").selectOption("Goal (response or resolution)");
    await page.getByLabel("Value").fill("response");
    await expect(page.getByLabel("Value")).toHaveValue("response");
  });
});

test("a service level is deleted, and taken back", async ({ page, nimbus }) => {
  const day = [{ from: "09:00", until: "17:00" }];
  const level = { name: "For a while", hours: { time_zone: "UTC", week: { monday: day } } };
  const { id } = await nimbus.call("POST", "/console/service-levels", level);
  const main = page.getByRole("main");
  await signIn(page, nimbus);
  await page.goto(`/settings/service-levels/${id}`);
  const remove = async () => {
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Delete service level" }).click();
    await expect(page).toHaveURL(/service-levels$/);
    await expect(main).not.toContainText("For a while");
  };
  await remove();
  await page.getByRole("button", { name: "Undo" }).click();
  await main.getByRole("link", { name: "For a while" }).click();
  await remove();
  // Leaving the page sends what could be taken back until then.
  await page.goto("/settings");
  await expect
    .poll(async () => (await nimbus.call("GET", "/console/service-levels")).items.map((item) => item.name))
    .not.toContain("For a while");
});
