// A trigger is made in the settings; a ticket that is closed starts its runbook, and the log says why another one did not.
import { expect, expectAccessible, expectToFit, nameIt, picture, saved, signIn, test } from "./fixtures.mjs";

// The answer to a trigger that does not fill what its runbook needs.
test.use({ workspace: "events", startOptions: ["--allow", "local", "--empty"], expectedStatuses: [400] });

const bundle = {
  format: "nimbus.bundle/1",
  runbooks: [
    {
      id: "farewell",
      name: "Say farewell",
      enabled: true,
      start: { access: "desk", inputs: [{ name: "Title", type: "string" }] },
      first_step: "post",
      steps: [
        {
          id: "post",
          name: "Post",
          type: "desk_action",
          action: "add_action",
          body: '[{"ticket_id": <<ticket^id>>, "outcome": "Farewell", "note": "Closed: <<Title!>>"}]',
          next: { success: "good", failure: "bad" },
        },
        { id: "good", name: "Done", type: "end", outcome: "success" },
        { id: "bad", name: "Failed", type: "end", outcome: "failed" },
      ],
    },
  ],
};

/** A new ticket, whose status is New. */
async function newTicket(nimbus, summary) {
  const made = await nimbus.call("POST", "/api/Tickets", [{ summary, tickettype_id: 1 }]);
  return [made].flat()[0].id;
}

async function move(nimbus, ticket, ...statuses) {
  for (const status_id of statuses) await nimbus.call("POST", "/api/Tickets", [{ id: ticket, status_id }]);
}

test("a trigger that is made here starts a runbook when a ticket is closed, and the log says what came of each event", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  await nimbus.call("POST", "/console/import", bundle);
  await signIn(page, nimbus);

  await test.step("the settings lead to the events, which are explained", async () => {
    await page.getByRole("link", { name: "Settings" }).click();
    await main.getByRole("link", { name: "Event triggers" }).click();
    await expect(main).toContainText("No event triggers yet");
    await expectAccessible(page);
    await picture(page, "events-empty");
    await main.getByRole("link", { name: "New event trigger" }).first().click();
  });

  await test.step("the trigger is made, with a condition before and after", async () => {
    await nameIt(page, "Say farewell at once");
    await page.getByLabel("Event", { exact: true }).selectOption("Ticket Status Changed");
    await page.getByRole("button", { name: "Add a condition" }).click();
    await expect(page.getByLabel("Field")).toBeFocused();
    await page.getByLabel("Field").selectOption("Status");
    await expect(page.getByLabel("Condition", { exact: true })).toHaveValue("changed");
    await page.getByLabel("From", { exact: true }).click();
    await expect(page.getByRole("option", { name: "In Progress" })).toBeVisible();
    await page.getByLabel("From", { exact: true }).fill("New");
    await page.getByLabel("To", { exact: true }).fill("Closed");
    await page.getByLabel("Runbook", { exact: true }).selectOption("Say farewell");
    await expect(main).toContainText("Nothing else fills it");
    await page.getByText("Tokens that can be used here").click();
    await expect(page.getByRole("button", { name: "Copy <<ticket^summary>>" })).toBeVisible();
    await page.getByText("Tokens that can be used here").click();
    await page.getByRole("button", { name: "Create" }).click();
    await expect(main.getByRole("alert")).toContainText("needs its input variable");
    await page.getByLabel("Title").fill("<<ticket^summary>>");
    await expect(main.getByRole("alert")).toHaveCount(0);
    await expectAccessible(page);
    await expectToFit(page);
    await picture(page, "event-trigger");
    await page.getByRole("button", { name: "Create" }).click();
    await saved(page);
    await page.reload();
    await expect(page.getByLabel("From", { exact: true })).toHaveValue("New");
    await expect(page.getByLabel("To", { exact: true })).toHaveValue("Closed");
    await expect(page.getByLabel("Title")).toHaveValue("<<ticket^summary>>");
  });

  await test.step("the log is empty, and says what will stand there", async () => {
    await page.getByRole("link", { name: "Its events" }).click();
    await expect(main).toContainText("No entry fits these filters");
    await page.getByRole("button", { name: "Clear filters" }).first().click();
    await expect(main).toContainText("Nothing yet");
  });

  const closed = await newTicket(nimbus, "The printer is on fire");
  const slow = await newTicket(nimbus, "The coffee is cold");
  const log = page.getByRole("table", { name: "Events" });
  const rows = log.getByRole("row");
  await test.step("a closed ticket starts the runbook, and the open log shows it", async () => {
    await move(nimbus, closed, 9);
    await expect(rows.filter({ hasText: "The printer is on fire" })).toContainText("Started");
    await move(nimbus, slow, 2, 9);
    const cold = rows.filter({ hasText: "The coffee is cold" });
    await expect(cold).toHaveCount(2);
    await expect(cold.first()).toContainText("Status before is “In Progress”, which does not equal “New”");
    await expectAccessible(page);
    await picture(page, "events-log");
  });

  await test.step("what one has come to read has the most room, wherever one reads it", async () => {
    const cold = rows.filter({ hasText: "The coffee is cold" }).first();
    const widths = await log.getByRole("columnheader").evaluateAll((heads) => heads.map((head) => head.getBoundingClientRect().width));
    const why = widths.pop();
    expect(Math.max(...widths)).toBeLessThan(0.75 * why);
    await expectToFit(page);
    await page.setViewportSize({ width: 390, height: 800 });
    await expect(cold.getByText("which does not equal “New”")).toBeVisible();
    await expect(cold.getByText("Say farewell at once", { exact: true })).toBeVisible();
    await expect(cold.getByText("Runbook Say farewell", { exact: true })).toBeVisible();
    await expect(cold.getByRole("link", { name: "The coffee is cold" })).toBeVisible();
    await expect(cold.getByRole("link", { name: /^Not matched\s*: Ticket Status Changed Say farewell at once, ticket/i })).toBeVisible();
    expect((await cold.boundingBox()).height).toBeLessThan(180);
    await expectToFit(page);
    await expectAccessible(page);
    await picture(page, "events-log-390");
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  await test.step("the log is narrowed", async () => {
    await page.getByLabel("Outcome", { exact: true }).selectOption("Not matched");
    await expect(rows.filter({ hasText: "Started" })).toHaveCount(0);
    await page.getByLabel("Search the log").fill("printer");
    await expect(main).toContainText("No entry fits these filters");
    await page.getByRole("button", { name: "Clear filters" }).first().click();
    await expect(rows.filter({ hasText: "The printer is on fire" })).toHaveCount(1);
  });

  await test.step("the run says what started it, and so does the ticket", async () => {
    await rows.filter({ hasText: "The printer is on fire" }).getByRole("link").first().click();
    await expect(main).toContainText("Succeeded");
    await expect(main).toContainText("Event Ticket Status Changed");
    await page.goto(`/desk/tickets/${closed}`);
    await expect(main).toContainText("Closed: The printer is on fire");
    await expect(main).toContainText("started by event Ticket Status Changed");
    await picture(page, "events-ticket");
  });

  await test.step("the runbook names its trigger; deleting it can be undone", async () => {
    await page.goto("/runbooks/farewell?tab=details");
    await main.getByRole("link", { name: "Say farewell at once" }).click();
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Delete event trigger" }).click();
    await expect(main).toContainText("No event triggers yet");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(page.getByLabel("From", { exact: true })).toHaveValue("New");
  });
});

test("runs whose changes start one another are cut, and the ticket and the log say so", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  const [runbook] = structuredClone(bundle.runbooks);
  Object.assign(runbook, { id: "echo", name: "Echo" });
  const desk = { events: [{ name: "Echo it", event: "action_added", runbook: "echo", variables: [{ name: "Title", value: "<<action^note!>>" }] }] };
  await nimbus.call("POST", "/console/import", { format: "nimbus.bundle/1", runbooks: [runbook], desk });
  await signIn(page, nimbus);
  const ticket = await newTicket(nimbus, "Echo");
  await page.goto(`/desk/tickets/${ticket}`);
  await nimbus.call("POST", "/api/Actions", [{ ticket_id: ticket, outcome: "Note", note: "Hello" }]);
  await expect(main).toContainText("“Echo it” was not started: runs have started one another");
  await picture(page, "events-loop");
  await page.goto("/settings/events-log");
  const stopped = page.getByRole("table", { name: "Events" }).getByRole("row").filter({ hasText: "Loop stopped" });
  await expect(stopped).toHaveCount(1);
  await nimbus.call("DELETE", "/console/event-triggers/action_added-echo");
});
