// Ticket rules from the empty state on: what they set, in which order, what follows from it, and why one does not fit.
import { choose, expect, expectAccessible, expectToFit, picture, saved, signIn, test } from "./fixtures.mjs";

// The answer to a trial on a ticket that is not there.
test.use({ workspace: "ticket-rules", startOptions: ["--allow", "local", "--empty"], expectedStatuses: [404] });

const RULES = "/settings/ticket-rules";

const bundle = {
  format: "nimbus.bundle/1",
  runbooks: [
    {
      id: "greet",
      name: "Greet the first line",
      enabled: true,
      start: { access: "desk" },
      first_step: "post",
      steps: [
        {
          id: "post",
          name: "Post",
          type: "desk_action",
          action: "add_action",
          body: '[{"ticket_id": <<ticket^id>>, "outcome": "Greeting", "note": "For <<ticket^team!>>"}]',
          next: { success: "good", failure: "bad" },
        },
        { id: "good", name: "Done", type: "end", outcome: "success" },
        { id: "bad", name: "Failed", type: "end", outcome: "failed" },
      ],
    },
  ],
  desk: {
    events: [
      {
        name: "Greet them",
        event: "new_ticket_logged",
        runbook: "greet",
        when: { all: [{ left: "<<ticket^team>>", op: "equals", right: "1st Line Support" }] },
      },
    ],
  },
};

async function newTicket(nimbus, summary) {
  const made = await nimbus.call("POST", "/api/Tickets", [{ summary, tickettype_id: 1 }]);
  return [made].flat()[0];
}

async function newRule(nimbus, rule) {
  const made = await nimbus.call("POST", "/api/TicketRules", [{ active: true, ...rule }]);
  return [made].flat()[0];
}

async function removeRules(nimbus) {
  for (const { id } of await nimbus.call("GET", "/api/TicketRules")) await nimbus.call("DELETE", `/api/TicketRules/${id}`);
}

test("a rule is made from the example; the ticket gets its team, says so, and an event goes on from there", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  await removeRules(nimbus);
  await nimbus.call("POST", "/console/import", bundle);
  await signIn(page, nimbus);

  await test.step("the settings lead to the rules, which are explained", async () => {
    await page.getByRole("link", { name: "Settings" }).click();
    await main.getByRole("link", { name: "Ticket rules", exact: true }).click();
    await expect(main).toContainText("No ticket rules yet");
    await expect(main).toContainText("tickets whose summary contains “password” go to 1st Line Support");
    await expectAccessible(page);
    await picture(page, "ticket-rules-empty");
    await main.getByRole("link", { name: "Start from the example" }).click();
  });

  const conditions = page.getByRole("group", { name: "Conditions" });
  const outcomes = page.getByRole("group", { name: "Outcomes" });
  await test.step("the example is complete; what lacks a value is refused where it stands", async () => {
    await expect(conditions.getByLabel("Value")).toHaveValue("password");
    await expect(outcomes.getByLabel("Value")).toHaveValue("1st Line Support");
    await outcomes.getByRole("button", { name: "Add a field" }).click();
    await page.getByRole("button", { name: "Create" }).click();
    await expect(outcomes).toContainText("Choose what it is set to");
    await expect(outcomes.getByLabel("Value").nth(1)).toBeFocused();
    await outcomes.getByLabel("Value").nth(1).selectOption({ index: 1 });
    await expect(outcomes).not.toContainText("Choose what it is set to");
    await outcomes.getByRole("button", { name: "Delete this outcome" }).nth(1).click();
    await expectAccessible(page);
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      await picture(page, `ticket-rule-${width}`, { fullPage: true });
      await expectToFit(page);
      const spilt = await page
        .locator(".segment > span")
        .evaluateAll((all) => all.filter((one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent));
      expect(spilt, `words that do not fit their segment at ${width}`).toEqual([]);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole("button", { name: "Create" }).click();
    await saved(page);
    await expect(page).toHaveURL(/\/settings\/ticket-rules\/\d+$/);
  });

  await test.step("a ticket about a password gets the team, and says which rule did that; the event starts its runbook", async () => {
    const { id } = await newTicket(nimbus, "My password is wrong");
    await page.goto(`/desk/tickets/${id}`);
    await expect(main).toContainText("Rule “Passwords go to 1st Line Support” fits: Team set to “1st Line Support”.");
    await expect(main).toContainText("For 1st Line Support");
    await expect(main).toContainText("started by event New Ticket Logged");
    await picture(page, "ticket-rules-ticket");
  });

  await test.step("another ticket does not, and the trial says why", async () => {
    const { id, team } = await newTicket(nimbus, "The printer is on fire");
    expect(team ?? "").toBe("");
    await page.goto(RULES);
    await main.getByRole("link", { name: "Passwords go to 1st Line Support" }).click();
    await conditions.getByRole("button", { name: "Add a condition" }).click();
    await conditions.getByLabel("Field").nth(1).selectOption("Status");
    await conditions.getByLabel("Condition", { exact: true }).nth(1).selectOption("is");
    await conditions.getByLabel("Value").nth(1).selectOption("New");
    const trial = page.getByRole("region", { name: "Try on a ticket" });
    await trial.getByLabel("Ticket number").fill("999999");
    await trial.getByRole("button", { name: "Try" }).click();
    await expect(trial).toContainText("There is no ticket 999999");
    await trial.getByLabel("Ticket number").fill(`${id}`);
    await trial.getByRole("button", { name: "Try" }).click();
    const found = trial.getByRole("list", { name: "Conditions" }).first().getByRole("listitem");
    await expect(found).toHaveCount(2);
    await expect(found.first()).toContainText("Not met: Summary is “The printer is on fire”, which does not contain “password”");
    await expect(found.nth(1)).toContainText("Met: Status is “New”, which equals “New”");
    await expectAccessible(page);
    await picture(page, "ticket-rule-trial", { fullPage: true });
    // Neither the ticket nor the rule was changed.
    const [rule] = await nimbus.call("GET", "/api/TicketRules");
    expect(rule.criteria).toHaveLength(1);
    const ticket = await nimbus.call("GET", `/api/Tickets/${id}`);
    expect(ticket.team ?? "").toBe("");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await saved(page);
    await page.reload();
    await expect(conditions.getByLabel("Value").nth(1)).toHaveValue("1");
  });

  await test.step("the ticket leads to a trial of its own", async () => {
    const { id } = await newTicket(nimbus, "The coffee is cold");
    await page.goto(`/desk/tickets/${id}`);
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Try ticket rules" }).click();
    const trial = page.getByRole("region", { name: "Try on a ticket" });
    await expect(trial).toContainText("Rule “Passwords go to 1st Line Support” does not fit: Summary is “The coffee is cold”");
    await page.goBack();
    await page.goBack();
    await expect(conditions).toBeVisible();
  });

  await test.step("deleting it can be undone", async () => {
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Delete ticket rule" }).click();
    await expect(main).toContainText("No ticket rules yet");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(main.getByRole("link", { name: "Passwords go to 1st Line Support" })).toBeVisible();
  });
});

test("rules are tried in their order, which can be changed, and one can stop the others", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  await removeRules(nimbus);
  await newRule(nimbus, { name: "Urgent first", precedence: 10, stopmatching: true, new_priority_id: 1 });
  await newRule(nimbus, { name: "Then a category", precedence: 20, new_category_1: "Hardware" });
  await signIn(page, nimbus);
  await page.goto(RULES);
  const rows = main.getByRole("list", { name: "Ticket rules" }).getByRole("listitem");
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText("Stops matching");
  const stopped = await newTicket(nimbus, "First");
  expect([stopped.priority_id, stopped.category_1 ?? ""]).toEqual([1, ""]);
  await expectAccessible(page);
  await picture(page, "ticket-rules");

  await test.step("the list tries all of them", async () => {
    const trial = page.getByRole("region", { name: "Try on a ticket" });
    await trial.getByLabel("Ticket number").fill(`${stopped.id}`);
    await trial.getByRole("button", { name: "Try" }).click();
    await expect(trial).toContainText("Rule “Then a category” was not tried: “Urgent first” stopped the rules after it.");
  });

  await test.step("moved up, the second one has its turn", async () => {
    await page.getByRole("button", { name: "Move up Then a category" }).click();
    await expect(rows.first()).toContainText("Then a category");
    await expect(page.getByRole("button", { name: "Move up Then a category" })).toBeDisabled();
    // The focus goes along, so that a rule can be moved on.
    await expect(page.getByRole("button", { name: "Move down Then a category" })).toBeFocused();
    const both = await newTicket(nimbus, "Second");
    expect([both.priority_id, both.category_1]).toEqual([1, "Hardware"]);
  });

  await test.step("one that is for updated tickets leaves a new one alone", async () => {
    await main.getByRole("link", { name: "Then a category" }).click();
    await choose(page, "It looks at", "Updated tickets");
    await page.keyboard.press("Control+s");
    await saved(page);
    const { id, category_1 } = await newTicket(nimbus, "Third");
    expect(category_1 ?? "").toBe("");
    const [updated] = [await nimbus.call("POST", "/api/Tickets", [{ id, summary: "Third, again" }])].flat();
    expect(updated.category_1).toBe("Hardware");
  });

  await test.step("what came from elsewhere is shown and kept, and stays switched off", async () => {
    const { id } = await newRule(nimbus, {
      name: "Imported",
      active: false,
      precedence: 30,
      criteria: [{ fieldname: "summary", type: 4, value_string: "x", id: 77 }],
      new_priority_id: 2,
    });
    await page.goto(`${RULES}/${id}`);
    await expect(main).toContainText("This condition came from elsewhere and is kept as it is");
    const name = page.getByRole("textbox", { name: "Name", exact: true }).first();
    await name.fill("Imported long ago");
    await name.press("Enter");
    await page.keyboard.press("Control+s");
    await saved(page);
    const rule = await nimbus.call("GET", `/api/TicketRules/${id}`);
    expect(rule.name).toBe("Imported long ago");
    expect(rule.criteria).toEqual([{ fieldname: "summary", type: 4, value_string: "x", id: 77 }]);
    await page.goto(RULES);
    await expect(rows.filter({ hasText: "Imported long ago" })).toContainText("Off");
  });
});

test("another name of a status reaches what compares with it", async ({ page, nimbus }) => {
  await removeRules(nimbus);
  await nimbus.call("POST", "/console/import", bundle);
  const when = { all: [{ left: "<<ticket^status^name>>", op: "equals", right: "Closed" }] };
  const trigger = await nimbus.call("POST", "/console/event-triggers", { name: "On closing", event: "ticket_status_changed", runbook: "greet", when });
  const rule = await newRule(nimbus, {
    name: "Closed ones",
    criteria: [{ fieldname: "status_id", type: "equals", value_string: "Closed" }],
    new_category_1: "Over",
  });
  await signIn(page, nimbus);
  await nimbus.call("POST", "/api/Status", [{ id: 9, name: "Done" }]);
  await expect
    .poll(async () => (await nimbus.call("GET", `/console/event-triggers/${trigger.id}`)).when.all[0].right)
    .toBe("Done");
  await page.goto(`/settings/events/${trigger.id}`);
  await expect(page.getByLabel("Value", { exact: true })).toHaveValue("Done");
  await page.goto(`${RULES}/${rule.id}`);
  await expect(page.getByRole("group", { name: "Conditions" }).getByLabel("Value").locator("option:checked")).toHaveText("Done");
  await nimbus.call("DELETE", `/console/event-triggers/${trigger.id}`);
  await nimbus.call("POST", "/api/Status", [{ id: 9, name: "Closed" }]);
});
