// A ticket workflow is built on the chart, with the mouse and without; a ticket goes through it, its steps start a runbook,
// also when time has gone by, and a second version takes the tickets over.
import { choose, expect, expectAccessible, expectToFit, picture, saved, signIn, test } from "./fixtures.mjs";

test.use({
  workspace: "workflows",
  startOptions: ["--allow", "local", "--empty", "--movable-clock"],
  // The answer to publishing what has problems.
  expectedStatuses: [422],
});

const MINUTE_MS = 60_000;

const hello = {
  format: "nimbus.bundle/1",
  runbooks: [
    {
      id: "hello",
      name: "Say hello",
      enabled: true,
      start: { access: "desk", inputs: [{ name: "Title", type: "string" }] },
      from_desk: [{ name: "Title", value: "<<ticket^summary>>" }],
      first_step: "post",
      steps: [
        {
          id: "post",
          name: "Post",
          type: "desk_action",
          action: "add_action",
          body: '[{"ticket_id": <<ticket^id>>, "outcome": "Hello", "note": "Hello from <<Title!>>"}]',
          next: { success: "good", failure: "bad" },
        },
        { id: "good", name: "Done", type: "end", outcome: "success" },
        { id: "bad", name: "Failed", type: "end", outcome: "failed" },
      ],
    },
  ],
};

/** Presses Tab until `target` has focus, as one does who looks for it. */
async function tabTo(page, target, key = "Tab") {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 100; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Tab does not come to ${target}`);
}

async function press(page, target, key = "Tab") {
  await tabTo(page, target, key);
  await page.keyboard.press("Enter");
}

/** What is looked at on the chart. */
function parts(page) {
  const chart = page.getByRole("region", { name: "Flow chart" });
  const starting = (name) => ({ name: new RegExp(`^${name}`) });
  return {
    main: page.getByRole("main"),
    chart,
    face: (name) => chart.getByRole("button", starting(name)),
    card: (name) => chart.locator(".step-card").filter({ has: page.getByRole("button", starting(name)) }),
    palette: page.getByRole("dialog", { name: "Add a step" }),
    question: page.getByRole("dialog", { name: "Which action leads there?" }),
    panel: page.getByRole("complementary", { name: "Selected step" }),
  };
}

test("the example stands on the chart with its actions, and deleting it is taken back", async ({ page, nimbus }) => {
  const { main, chart, face } = parts(page);
  await signIn(page, nimbus);

  await test.step("the settings lead to the workflows, which are explained", async () => {
    await page.getByRole("link", { name: "Settings" }).click();
    await main.getByRole("link", { name: "Workflows", exact: true }).click();
    await expect(main).toContainText("No workflows yet");
    await expectAccessible(page);
    await picture(page, "workflows-empty");
  });

  await test.step("the example needs nothing more", async () => {
    await main.getByRole("button", { name: "Start from an example" }).click();
    const question = page.getByRole("dialog", { name: "Make the example?" });
    await expect(question).toContainText("Start work, Wait for user, User replied, Solve. They are offered on tickets of the type");
    await question.getByRole("button", { name: "Make", exact: true }).click();
    await expect(chart.locator("[data-step]")).toHaveCount(4);
    await expect(face("Triage")).toHaveAccessibleName(/Start work leads to \d+ In progress/);
    await expect(face("Waiting")).toHaveAccessibleName(/User replied leads to \d+ In progress, Solve leads to \d+ Done/);
    const { items } = await nimbus.call("GET", "/console/desk-actions");
    expect(items.map(({ name }) => name)).toEqual(["Start work", "Wait for user", "User replied", "Solve"]);
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await expect(main.getByText("Published, version 1")).toBeVisible();
    await expect(page.locator("details.problems")).toHaveCount(0);
    await expectAccessible(page);
    await picture(page, "workflow-example");
  });

  await test.step("as a list", async () => {
    await page.getByRole("button", { name: "Show as a list" }).click();
    const list = page.getByRole("list", { name: "Steps in the order in which tickets come to them" });
    await expect(list.getByRole("button")).toHaveText([/Triage/, /In progress/, /Waiting/, /Done/]);
    await page.getByRole("button", { name: "Show as a list" }).click();
  });

  const remove = async () => {
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Delete workflow" }).click();
    const question = page.getByRole("dialog", { name: "Delete Triage to done?" });
    await expect(question).toContainText("No ticket is inside");
    await question.getByRole("button", { name: "Delete", exact: true }).click();
    await expect(main).toContainText("No workflows yet");
  };
  await test.step("it is deleted, brought back, and deleted again", async () => {
    await remove();
    await page.getByRole("region", { name: "News" }).getByRole("button", { name: "Undo" }).click();
    await expect(page.getByRole("textbox", { name: "Name", exact: true }).first()).toHaveValue("Triage to done");
    await remove();
  });
});

test("a workflow is built and published with the keyboard alone", async ({ page, nimbus }) => {
  const { main, chart, face, card, palette, question } = parts(page);
  const answer = async (dialog, label, words) => {
    await expect(dialog.getByLabel(label)).toBeFocused();
    await page.keyboard.type(words);
    await page.keyboard.press("Enter");
    await expect(dialog).toBeHidden();
  };
  const add = (words) => answer(palette, "Search what to add", words);
  const by = (words) => answer(question, "Search actions", words);
  await page.goto(await nimbus.newSignInLink());
  await expect(page.getByRole("heading", { name: "Desk", level: 1 })).toBeVisible();

  await test.step("from the empty list to the first step", async () => {
    await press(page, page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }));
    await press(page, main.getByRole("link", { name: "Workflows", exact: true }));
    await expect(main).toContainText("No workflows yet");
    await press(page, main.getByRole("button", { name: "New workflow" }).last());
    await press(page, chart.getByRole("button", { name: "Add the first step" }));
    await add("Triage");
    await expect(face("Triage")).toHaveAttribute("aria-pressed", "true");
  });

  await test.step("each further one is asked for its action", async () => {
    await tabTo(page, face("Triage"));
    await page.keyboard.press("a");
    await expect(question).toContainText("New step: which action leads there?");
    await by("start");
    await add("Working");
    await expect(face("Triage")).toHaveAccessibleName(/Start work leads to \d+ Working/);
    await expect(face("Working")).toHaveAttribute("aria-pressed", "true");
    await tabTo(page, face("Working"));
    await page.keyboard.press("a");
    await by("solve");
    await add("closed");
    await expect(face("Working")).toHaveAccessibleName(/Solve leads to \d+ Closed/);
    await expect(face("Closed")).toHaveAttribute("aria-pressed", "true");
  });

  await test.step("the arrows walk, and a link back is drawn from a menu", async () => {
    await tabTo(page, face("Closed"), "Shift+Tab");
    await page.keyboard.press("ArrowLeft");
    await expect(face("Working")).toBeFocused();
    await press(page, card("Working").getByRole("button", { name: "Way out: another action" }));
    await expect(page.getByRole("menuitem", { name: "Add a step here" })).toBeFocused();
    while (!(await page.getByRole("menuitem", { name: "Connect to Triage" }).evaluate((item) => item === document.activeElement))) {
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("Enter");
    await expect(question).toContainText("Which action leads there?");
    await by("wait for");
    await expect(face("Working")).toHaveAccessibleName(/Wait for user leads to \d+ Triage/);
  });

  await test.step("that is taken back and done again", async () => {
    await tabTo(page, face("Working"), "Shift+Tab");
    await page.keyboard.press("Control+z");
    await expect(face("Working")).not.toHaveAccessibleName(/Wait for user/);
    await page.keyboard.press("Control+Shift+z");
    await expect(face("Working")).toHaveAccessibleName(/Wait for user leads to \d+ Triage/);
  });

  await test.step("it gets a ticket type, and is published", async () => {
    await tabTo(page, page.getByRole("tab", { name: /Flow Chart/ }), "Shift+Tab");
    await page.keyboard.press("ArrowLeft");
    await expect(page.getByRole("tab", { name: "Details" })).toBeFocused();
    await tabTo(page, page.getByLabel("Problem", { exact: true }));
    await page.keyboard.press("Space");
    await press(page, page.getByRole("button", { name: "Publish", exact: true }), "Shift+Tab");
    await expect(main.getByText("Published, version 1")).toBeVisible();
    await saved(page);
  });

  // A page that still checks its draft would ask for what is gone.
  await page.goto("about:blank");
  const { items } = await nimbus.call("GET", "/console/workflows");
  await nimbus.call("POST", `/console/workflows/${items[0].id}/unpublish`, {});
  await nimbus.call("DELETE", `/console/workflows/${items[0].id}`);
});

test("tickets go through a workflow, its steps start a runbook, and a second version takes the tickets over", async ({ page, nimbus }) => {
  const { main, chart, face, card, palette, question, panel } = parts(page);
  await nimbus.call("POST", "/console/import", hello);
  await signIn(page, nimbus);
  const publish = page.getByRole("button", { name: "Publish", exact: true });
  const middle = async (target) => {
    // It may still be on its way: the chart moves where a panel beside it closes.
    await target.hover();
    const { x, y, width, height } = await target.boundingBox();
    return { x: x + width / 2, y: y + height / 2 };
  };
  const drag = async (from, to) => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
  };
  const pick = async (dialog, label, words, name) => {
    await dialog.getByLabel(label).fill(words);
    await dialog.getByRole("button", { name }).first().click();
    await expect(dialog).toBeHidden();
  };
  const add = (words, name) => pick(palette, "Search what to add", words, name);
  const by = (name) => pick(question, "Search actions", name, new RegExp(`^${name}`));
  const more = (name) => card(name).getByRole("button", { name: "Way out: another action" });

  await test.step("from the empty list to the first step", async () => {
    await page.goto("/settings/workflows");
    await expect(main).toContainText("No workflows yet");
    await main.getByRole("button", { name: "New workflow" }).last().click();
    const name = page.getByRole("textbox", { name: "Name", exact: true }).first();
    await name.fill("Incidents");
    await name.press("Enter");
    await chart.getByRole("button", { name: "Add the first step" }).click();
    await add("Triage", /Triage/);
    await panel.getByLabel("Status on entering").selectOption("New");
    await panel.getByRole("button", { name: "Close" }).click();
  });

  await test.step("a link that is pulled to empty ground asks for its action, and for the step", async () => {
    const from = await middle(more("Triage"));
    await drag(from, { x: from.x + 60, y: from.y + 160 });
    await expectAccessible(page);
    await picture(page, "workflow-which-action");
    await by("Start work");
    await add("in progress", /^In Progress/);
    await expect(face("Triage")).toHaveAccessibleName(/Start work leads to \d+ In Progress/);
    await expect(panel.getByLabel("Status on entering")).toHaveValue("2");
  });

  await test.step("the menu of a way out does the same", async () => {
    for (const [action, words, name] of [
      ["Wait for user", "Waiting", /^Waiting/],
      ["Solve", "closed", /^Closed/],
    ]) {
      await more("In Progress").click();
      await page.getByRole("menuitem", { name: "Add a step here" }).click();
      await by(action);
      await add(words, name);
    }
    await expect(face("In Progress")).toHaveAccessibleName(/Wait for user leads to \d+ Waiting, Solve leads to \d+ Closed/);
  });

  await test.step("a link that is pulled to a card asks for its action", async () => {
    await page.getByRole("button", { name: "Tidy up" }).click();
    await panel.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Show all" }).click();
    await drag(await middle(more("Waiting")), await middle(face("In Progress")));
    await by("User replied");
    await expect(face("Waiting")).toHaveAccessibleName(/User replied leads to \d+ In Progress/);
    await page.getByRole("button", { name: /^Undo/ }).click();
    await expect(face("Waiting")).not.toHaveAccessibleName(/User replied/);
    await page.getByRole("button", { name: /^Redo/ }).click();
    await expect(face("Waiting")).toHaveAccessibleName(/User replied leads to \d+ In Progress/);
  });

  await test.step("entering a step starts a runbook, and so does staying in it for half an hour", async () => {
    await face("In Progress").click();
    const triggers = panel.getByRole("region", { name: "Triggers" });
    const trigger = (at) => triggers.locator(".step-trigger").nth(at);
    const ask = triggers.getByLabel("Runbook to start");
    await triggers.getByRole("button", { name: "Add a trigger" }).click();
    await expect(ask).toBeFocused();
    await expect(trigger(0)).toHaveCount(0);
    await ask.selectOption("hello");
    await expect(trigger(0).getByLabel("Starts", { exact: true })).toBeFocused();
    await expect(trigger(0).getByLabel("Runbook", { exact: true })).toHaveValue("hello");
    await triggers.getByRole("button", { name: "Add a trigger" }).click();
    await ask.selectOption("hello");
    await trigger(1).getByLabel("Starts", { exact: true }).selectOption("After some time in the step");
    await expect(trigger(1).getByLabel("Unit")).toHaveValue("60");
    await trigger(1).getByLabel("Unit").selectOption("Minutes");
    await trigger(1).getByLabel("After").fill("30");
    await trigger(1).getByText("Variables", { exact: true }).click();
    await trigger(1).getByRole("textbox", { name: "Title" }).fill("waiting too long: <<ticket^summary!>>");
    await expectAccessible(page);
    await picture(page, "workflow-step");
  });

  await test.step("problems stand on their steps, and lead there", async () => {
    await panel.getByRole("button", { name: "Close" }).click();
    // Nothing is selected, so that the new step is connected to nothing.
    await page.getByRole("toolbar", { name: "Chart" }).getByRole("button", { name: "Add step" }).click();
    await add("Lonely", /Lonely/);
    await panel.getByRole("button", { name: "Close" }).click();
    await publish.click();
    const problems = page.locator("details.problems");
    await expect(problems).toContainText("No action leads to");
    await expect(card("Lonely").locator(".step-card-problem")).toContainText("problem");
    await expect(problems).toContainText("No ticket enters it");
    await problems.getByRole("button", { name: "Lonely" }).first().click();
    await expect(panel).toContainText("No action leads to");
    await expect(panel.getByLabel("Name", { exact: true })).toBeFocused();
    await panel.getByRole("button", { name: "Delete", exact: true }).click();
    await expect(chart.locator("[data-step]")).toHaveCount(4);
    await expect(problems).not.toContainText("No action leads to");
  });

  await test.step("it is published for incidents", async () => {
    await page.getByRole("tab", { name: "Details" }).click();
    await page.getByLabel("Incident", { exact: true }).check();
    await expectAccessible(page);
    await picture(page, "workflow-details");
    await publish.click();
    await expect(main.getByText("Published, version 1")).toBeVisible();
    await page.getByRole("tab", { name: "Tickets inside" }).click();
    await expect(main).toContainText("No tickets inside");
  });

  const workflow = new URL(page.url()).pathname;
  const [made] = [await nimbus.call("POST", "/api/Tickets", [{ summary: "The printer is on fire", tickettype_id: 1 }])].flat();
  const inside = page.getByRole("region", { name: "Workflow" });
  const actions = page.getByRole("toolbar", { name: "Actions" });
  const timeline = page.getByRole("region", { name: "Actions" });

  await test.step("a new incident is in the first step, and only its actions are offered", async () => {
    await page.goto(`/desk/tickets/${made.id}`);
    await expect(inside).toContainText("Triage");
    await expect(inside.getByRole("link", { name: "Incidents" })).toHaveAttribute("href", workflow);
    await expect(actions.getByRole("button")).toHaveText(["Note", "Start work"]);
    await page.getByText("3 actions are not offered").click();
    await expect(main.getByRole("listitem").filter({ hasText: "Solve" })).toContainText("he step Triage of the workflow Incidents does not allow it");
    await expectAccessible(page);
    await picture(page, "workflow-ticket");
  });

  await test.step("an action leads on: status, step and buttons change, and the runbook starts", async () => {
    await actions.getByRole("button", { name: "Start work" }).click();
    const dialog = page.getByRole("dialog", { name: "Start work" });
    await dialog.getByLabel("Note").fill("On my way");
    await dialog.getByRole("button", { name: "Add" }).click();
    await expect(inside).toContainText("In Progress");
    await expect(actions.getByRole("button")).toHaveText(["Note", "Wait for user", "Solve"]);
    await expect(timeline).toContainText("Hello from The printer is on fire");
    await expect(main).toContainText("started by workflow step In Progress");
    const { status_id } = await nimbus.call("GET", `/api/Tickets/${made.id}`);
    expect(status_id).toBe(2);
  });

  await test.step("after half an hour it starts again", async () => {
    await nimbus.moveClock(31 * MINUTE_MS);
    await expect(timeline).toContainText("Hello from waiting too long: The printer is on fire");
    await expect(timeline.getByText("Hello from")).toHaveCount(2);
    await picture(page, "workflow-ticket-later");
  });

  await test.step("the runbook names the steps that start it, and the action its steps", async () => {
    await page.goto("/runbooks/hello?tab=details");
    await expect(main).toContainText("entering In Progress");
    await expect(main).toContainText("being in In Progress for 30 minutes");
    await page.goto("/settings/actions/Start%20work");
    await expect(page.getByRole("definition").filter({ hasText: "in the step Triage of the workflow" })).toHaveCount(1);
  });

  await test.step("a second version has no such step any more", async () => {
    await page.goto(`${workflow}?tab=chart`);
    await face("In Progress").click();
    await panel.getByRole("button", { name: "Delete", exact: true }).click();
    await face("Triage").click();
    const leadsTo = panel.getByRole("region", { name: "Allowed actions" }).getByLabel("Leads to");
    await expect(leadsTo.locator("option:checked")).toHaveText("A step that is gone");
    await expect(page.locator("details.problems")).toContainText("leads to a step that is gone");
    await leadsTo.selectOption("Waiting");
    await face("Waiting").click();
    await panel.getByRole("region", { name: "Allowed actions" }).getByLabel("Leads to").selectOption("Closed");
    await page.getByRole("link", { name: "Runs", exact: true }).click();
    const discard = page.getByRole("dialog", { name: "Discard your changes?" });
    await discard.getByRole("button", { name: "Stay" }).click();
    await publish.click();
    await expect(main.getByText("Published, version 2")).toBeVisible();
  });

  await test.step("the ticket keeps its version, and says so", async () => {
    await page.goto(`/desk/tickets/${made.id}`);
    await expect(inside).toContainText("It goes on in version 1; the latest is 2");
    await expect(actions.getByRole("button")).toHaveText(["Note", "Wait for user", "Solve"]);
    await inside.getByRole("link", { name: "Move its tickets" }).click();
  });

  await test.step("it is moved to the step that is chosen, and the report says so", async () => {
    const move = page.getByRole("region", { name: "Move to the latest version" });
    await expect(move).toContainText("1 ticket in older versions");
    await expect(move.getByRole("button", { name: "Move tickets" })).toBeDisabled();
    await move.getByLabel("In Progress (1 ticket) goes on in").selectOption("Waiting");
    await expectAccessible(page);
    await expectToFit(page);
    await picture(page, "workflow-move");
    await move.getByRole("button", { name: "Move 1 ticket" }).click();
    await page.getByRole("dialog", { name: "Move 1 ticket to version 2?" }).getByRole("button", { name: "Move", exact: true }).click();
    await expect(main).toContainText("1 ticket moved to version 2.");
    const row = page.getByRole("table", { name: "Tickets inside" }).getByRole("row").filter({ hasText: "The printer is on fire" });
    await expect(row).toContainText("Waiting");
    await expect(move).toHaveCount(0);
    await picture(page, "workflow-moved");
    await row.getByRole("link").first().click();
    await expect(inside).toContainText("Waiting");
    await expect(inside).not.toContainText("It goes on in version");
    await expect(actions.getByRole("button")).toHaveText(["Note", "User replied"]);
  });
});

test("long names on links have room, a moved action keeps the keyboard, and what is missing is called what pages call it", async ({ page, nimbus }) => {
  const { main, chart, face, panel } = parts(page);
  const long = "Hand over to the second line of support";
  const conditional = "Accept (conditional)";
  const has_agent = { all: [{ left: "<<ticket^agent_id>>", op: "has_value" }] };
  await nimbus.call("POST", "/console/import", {
    format: "nimbus.bundle/1",
    desk: {
      actions: ["Accept", long, "Give back"].map((name) => ({ name, system_use: "none" })),
      workflows: [
        {
          id: "handing-over",
          name: "Handing over",
          enabled: true,
          ticket_types: [3],
          first_step: "triage",
          steps: [
            { id: "triage", name: "Triage", at: [280, 0], actions: [{ action: "Accept", to: "work", when: has_agent }, { action: long, to: "done" }, { action: "Give back" }] },
            { id: "work", name: "Work", at: [560, 0], actions: [{ action: "Give back", to: "triage" }] },
            { id: "done", name: "Done", at: [560, 160] },
          ],
        },
      ],
    },
  });
  await signIn(page, nimbus);
  await page.goto("/settings/workflows/handing-over?tab=chart");
  await expect(chart.locator("[data-step]")).toHaveCount(3);
  /** The words beside ways out that lie on a card. */
  const covering = () =>
    chart.evaluate((chart) => {
      const boxes = (selector) => [...chart.querySelectorAll(selector)].map((element) => [element.textContent.trim(), element.getBoundingClientRect()]);
      const cards = boxes(".step-card").map(([, box]) => box);
      const meet = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
      return boxes(".port-label")
        .filter(([, box]) => box.width > 0 && cards.some((card) => meet(box, card)))
        .map(([words]) => words);
    });
  const isCut = (words) => chart.locator(".port-label").filter({ hasText: words }).evaluate((label) => label.scrollWidth > label.clientWidth);

  await test.step("words on links are cut at the next card, and have room once tidied up", async () => {
    expect(await covering()).toEqual([]);
    expect(await isCut(conditional)).toBe(true);
    await picture(page, "workflow-words-cut");
    await page.getByRole("button", { name: "Tidy up" }).click();
    await expect.poll(() => isCut(conditional)).toBe(false);
    expect(await covering()).toEqual([]);
    expect(await isCut(long)).toBe(true);
    const way = chart.locator(".port").filter({ has: page.locator(".port-label").filter({ hasText: long }) });
    await expect(way).toHaveAttribute("title", `${long} leads to Done`);
    await picture(page, "workflow-words");
  });

  await test.step("an action that moves takes the keyboard along", async () => {
    await face("Triage").click();
    const button = (name) => panel.getByRole("button", { name, exact: true });
    await button("Move up Give back").focus();
    await page.keyboard.press("Enter");
    await expect(panel.locator(".step-action").nth(1).getByRole("button", { name: "Move up Give back" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(panel.locator(".step-action").first().getByRole("button", { name: "Move down Give back" })).toBeFocused();
    await page.keyboard.press("Control+s");
    await saved(page);
  });

  await test.step("a condition that is not met names its field", async () => {
    const [made] = [await nimbus.call("POST", "/api/Tickets", [{ summary: "A new keyboard", tickettype_id: 3 }])].flat();
    await page.goto(`/desk/tickets/${made.id}`);
    await page.getByText(/actions? (is|are) not offered/).click();
    await expect(main.getByRole("listitem").filter({ hasText: "Accept" })).toContainText("Agent has no value");
  });

  await test.step("a ticket type that leaves out an action of its workflow says which, and leads to the step", async () => {
    await page.goto("/desk/ticket-types/3");
    const allowed = page.getByRole("region", { name: "Allowed actions" });
    await choose(page, "Allowed actions", "Only these");
    await expect(allowed).not.toContainText("uses actions that are not ticked");
    await allowed.getByLabel("Accept").check();
    await allowed.getByLabel(long).check();
    await expect(allowed).toContainText("uses actions that are not ticked");
    await expect(allowed.getByRole("listitem")).toHaveText(["Give back in the step Triage of Handing over", "Give back in the step Work of Handing over"]);
    await expectAccessible(page);
    await picture(page, "ticket-type-cuts-off");
    await allowed.getByLabel("Give back").check();
    await expect(allowed.getByRole("listitem")).toHaveCount(0);
    await allowed.getByLabel("Give back").uncheck();
    await page.keyboard.press("Control+s");
    await saved(page);
    await allowed.getByRole("link", { name: "Work of Handing over" }).click();
    await expect(panel.getByLabel("Name", { exact: true })).toHaveValue("Work");
  });
});
