// An action that asks something of its own, set up in the settings, and taken on a ticket; a button on a user.
import { choose, expect, expectAccessible, expectToFit, nameIt, picture, saved, signIn, test } from "./fixtures.mjs";

test.use({
  workspace: "actions",
  // The answer to what cannot be saved.
  expectedStatuses: [400],
});

const INPUTS = [
  { name: "Device", type: "string" },
  { name: "Count", type: "integer" },
  { name: "Who", type: "string", required: false, default: "" },
];

/** A runbook that orders what its inputs say. */
async function ordering(nimbus, url) {
  const body = '{"device": <<Device>>, "count": <<Count>>, "who": <<Who>>}';
  const end = (id, outcome) => ({ id, name: id, type: "end", outcome, at: [0, 0] });
  await nimbus.call("POST", "/console/import", {
    format: "nimbus.bundle/1",
    integrations: [
      {
        id: "shop",
        name: "Shop",
        base_url: url,
        auth: { type: "none" },
        methods: [{ id: "order", name: "Order", http_method: "POST", path: "/orders", body: { type: "json", text: body } }],
      },
    ],
    runbooks: [
      {
        id: "order",
        name: "Order a device",
        enabled: true,
        start: { access: "desk", inputs: INPUTS },
        first_step: "order",
        steps: [{ id: "order", name: "Order", type: "method", method: "order", at: [0, 0], next: { success: "done", failure: "failed" } }, end("done", "success"), end("failed", "failed")],
      },
    ],
  });
}

test("an action with fields of its own hands them to its runbook", async ({ page, nimbus, stub }) => {
  stub.on("POST", "/orders", () => ({ status: 201, body: {} }));
  await ordering(nimbus, stub.url);
  await signIn(page, nimbus);
  const main = page.getByRole("main");

  await test.step("it is made in the settings", async () => {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).click();
    await main.getByRole("link", { name: "Actions", exact: true }).click();
    await expect(main.getByRole("link", { name: "Ask ChatGPT a Question" }).first()).toBeVisible();
    await main.getByRole("link", { name: "New action" }).click();
    await nameIt(page, "Order a device");
    await page.getByLabel("Queue a runbook").check();
    await page.getByLabel("Runbook", { exact: true }).selectOption("Order a device");
  });

  const asks = page.getByRole("region", { name: "What it asks" });
  const field = (at) => asks.getByRole("listitem").nth(at);
  await test.step("it asks for a device, how many, and why", async () => {
    await page.getByRole("button", { name: "Add a field" }).click();
    await field(0).getByLabel("Name").fill("Device");
    await field(0).getByLabel("Type").selectOption("choice");
    await field(0).getByLabel("Choices").fill("Laptop\nPhone");
    await field(0).getByLabel("Required").check();
    await page.getByRole("button", { name: "Add a field" }).click();
    await field(1).getByLabel("Name").fill("note");
    await field(1).getByLabel("Label").fill("How many?");
    await field(1).getByLabel("Type").selectOption("integer");
    await field(1).getByLabel("Required").check();
    await field(1).getByLabel("Default").fill("1");
    await page.getByRole("button", { name: "Add a field" }).click();
    await field(2).getByLabel("Name").fill("About");
    await field(2).getByLabel("Default").fill("<<ticket^summary>>");
  });

  await test.step("what every action has is refused where it stands", async () => {
    await page.keyboard.press("Control+s");
    await expect(field(1)).toContainText("is something that every action has");
    await field(1).getByLabel("Name").fill("Count");
  });

  await test.step("nothing is there, and no ticket offers it, before it is created", async () => {
    const { items } = await nimbus.call("GET", "/console/desk-actions");
    expect(items.map(({ name }) => name)).toEqual(["Ask ChatGPT a Question"]);
    await expect(page).toHaveURL("/settings/new-action");
    await expect(page.getByRole("button", { name: "Create action" })).toBeEnabled();
    await main.getByRole("link", { name: "Cancel" }).click();
    await page.getByRole("dialog", { name: "Discard your changes?" }).getByRole("button", { name: "Stay" }).click();
  });

  await test.step("what the runbook needs and nothing fills is named, and then filled", async () => {
    const variables = page.getByRole("region", { name: "Variables" });
    await expect(variables).toContainText("needs Device, Count, and nothing fills them");
    await variables.getByRole("textbox", { name: "Device" }).fill("<<action^Device>>");
    await variables.getByRole("textbox", { name: "Count" }).fill("<<action^customfields[name=Count]^value>>");
    await variables.getByRole("textbox", { name: "Who" }).fill("<<action^About>>");
    await expect(variables).not.toContainText("nothing fills");
    await expectAccessible(page);
    await picture(page, "action-new", { fullPage: true });
    await page.getByRole("button", { name: "Create action" }).click();
    await saved(page);
    await expect(page).toHaveURL(/\/settings\/actions\/Order%20a%20device$/);
  });

  await test.step("it says where it is offered, and looks right everywhere", async () => {
    const places = page.getByRole("region", { name: "Where it is offered" });
    await places.getByLabel("Problem", { exact: true }).check();
    await expect(places.getByRole("definition").filter({ hasText: "not ticked above" })).toHaveCount(3);
    await places.getByLabel("Problem", { exact: true }).uncheck();
    await expect(places.getByText("Not offered")).toHaveCount(0);
    await expectAccessible(page);
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      await picture(page, `action-${width}`, { fullPage: true });
      await expectToFit(page);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  await test.step("on a ticket its dialog asks, checks, and starts the runbook", async () => {
    await page.goto("/desk/tickets/1001");
    const summary = await page.getByRole("heading", { level: 1 }).textContent();
    await page.getByRole("button", { name: "Order a device" }).click();
    const dialog = page.getByRole("dialog", { name: "Order a device" });
    await expect(dialog.getByLabel("How many?")).toHaveValue("1");
    await expect(dialog.getByLabel("About")).toHaveValue(summary);
    await expectAccessible(page);
    await picture(page, "action-dialog");
    await dialog.getByRole("button", { name: "Start" }).click();
    await expect(dialog).toContainText("The field “Device” is required: choose one");
    await dialog.getByLabel("Device").selectOption("Phone");
    await dialog.getByLabel("How many?").fill("many");
    await dialog.getByRole("button", { name: "Start" }).click();
    await expect(dialog).toContainText("must be a whole number");
    await dialog.getByLabel("How many?").fill("2");
    await dialog.getByRole("button", { name: "Start" }).click();
    await expect(dialog).toBeHidden();
    await expect.poll(() => stub.requests.length).toBe(1);
    expect(JSON.parse(stub.requests[0].body)).toEqual({ device: "Phone", count: 2, who: summary });
    const entry = page.getByRole("region", { name: "Actions" }).getByRole("listitem").filter({ hasText: "Phone" });
    await expect(entry).toContainText("How many?");
  });

  await test.step("what was not sent stays with its action, and is not lost silently", async () => {
    const note = page.getByRole("dialog").getByLabel("Note");
    const cancel = page.getByRole("dialog").getByRole("button", { name: "Cancel" });
    await page.getByRole("button", { name: "Order a device" }).click();
    await note.fill("For the front desk");
    await cancel.click();
    await page.getByRole("button", { name: "Note", exact: true }).click();
    await expect(page.getByRole("dialog", { name: "Note" })).toBeVisible();
    await expect(note).toHaveValue("");
    await cancel.click();
    await page.getByRole("link", { name: "Runs", exact: true }).click();
    const question = page.getByRole("dialog", { name: "Discard your changes?" });
    await question.getByRole("button", { name: "Stay" }).click();
    await expect(question).toBeHidden();
    await page.getByRole("button", { name: "Order a device" }).click();
    await expect(note).toHaveValue("For the front desk");
    await note.fill("");
    await cancel.click();
    await page.getByRole("link", { name: "Runs", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Runs", level: 1 })).toBeVisible();
  });

  await test.step("a ticket type that allows other actions does not offer it", async () => {
    await page.goto("/desk/ticket-types");
    await page.getByRole("link", { name: "Incident", exact: true }).click();
    await choose(page, "Allowed actions", "Only these");
    await page.getByLabel("Ask ChatGPT a Question").check();
    await page.keyboard.press("Control+s");
    await saved(page);
    await expectAccessible(page);
    await picture(page, "ticket-type", { fullPage: true });
    const { tickettype_name } = await nimbus.call("GET", "/api/Tickets/1001");
    expect(tickettype_name).toBe("Incident");
    await page.goto("/desk/tickets/1001");
    await expect(page.getByRole("button", { name: "Ask ChatGPT a Question" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Order a device" })).toHaveCount(0);
    await page.goto("/settings/actions/Order%20a%20device");
    await expect(page.getByRole("region", { name: "Where it is offered" })).toContainText("the ticket type does not allow it");
  });

  await test.step("in the list it moves up, is deleted, and comes back", async () => {
    await page.goto("/settings/actions");
    const rows = main.getByRole("listitem").filter({ has: page.getByRole("button", { name: /^Delete / }) });
    await expect(rows.nth(1)).toContainText("Order a device");
    await page.getByRole("button", { name: "Move up Order a device" }).click();
    await expect(rows.nth(0)).toContainText("Order a device");
    await expectAccessible(page);
    await picture(page, "actions");
    await page.getByRole("button", { name: "Delete Order a device" }).click();
    await expect(rows).toHaveCount(1);
    await page.getByRole("region", { name: "News" }).getByRole("button", { name: "Undo" }).click();
    await expect(page).toHaveURL(/\/settings\/actions\/Order%20a%20device$/);
    await expect(page.getByRole("region", { name: "What it asks" }).getByRole("listitem")).toHaveCount(3);
  });
});

test("a button on a user starts a runbook with that user", async ({ page, nimbus, stub }) => {
  stub.on("POST", "/orders", () => ({ status: 201, body: {} }));
  await ordering(nimbus, stub.url);
  const { users } = await nimbus.call("GET", "/api/Users?count=1");
  const [user] = users;
  await signIn(page, nimbus);
  await page.goto("/settings/actions");
  await page.getByRole("main").getByRole("link", { name: "New action" }).click();
  await nameIt(page, "New device");
  await choose(page, "It is a button on", "Users");
  await page.getByLabel("Runbook", { exact: true }).selectOption("Order a device");
  // It does nothing but start its runbook, so one that could not is refused.
  await page.keyboard.press("Control+s");
  await expect(page.getByRole("alert").filter({ hasText: "Not saved" })).toContainText(/needs .?Device.?, .?Count.?, and nothing fills them/);
  await page.getByRole("button", { name: "Add a field" }).click();
  await page.getByRole("region", { name: "What it asks" }).getByLabel("Name").fill("Device");
  const variables = page.getByRole("region", { name: "Variables" });
  await variables.getByRole("textbox", { name: "Device" }).fill("<<action^Device>>");
  await variables.getByRole("textbox", { name: "Count" }).fill("1");
  await variables.getByRole("textbox", { name: "Who" }).fill("<<user^name>>");
  await page.keyboard.press("Control+s");
  await saved(page);

  await page.goto(`/desk/users/${user.id}`);
  await page.getByRole("button", { name: "New device" }).click();
  const dialog = page.getByRole("dialog", { name: "New device" });
  await expect(dialog.getByLabel("Note")).toHaveCount(0);
  await dialog.getByLabel("Device").fill("Headset");
  await dialog.getByRole("button", { name: "Start" }).click();
  await expect(dialog).toBeHidden();
  await expect.poll(() => stub.requests.length).toBe(1);
  expect(JSON.parse(stub.requests[0].body)).toEqual({ device: "Headset", count: 1, who: user.name });
  await picture(page, "button-on-user");
  await page.getByRole("link", { name: "Watch the run" }).click();
  await expect(page.getByRole("main")).toContainText(`User ${user.name}: New device`);
  await expect(page.getByRole("main")).toContainText("Succeeded");
});
