// Halo API actions: what a runbook changes at the desk, put together in the browser and looked up there.
import { expect, expectAccessible, nameIt, picture, saved, signIn, test } from "./fixtures.mjs";

// What keeps a runbook from being published is answered with 422.
test.use({ workspace: "halo-actions", expectedStatuses: [422] });

test.beforeEach(({ page, nimbus }) => signIn(page, nimbus));

/** Presses an action's button on a ticket and says something with it. */
async function act(page, ticket, action, note) {
  await page.goto(`/desk/tickets/${ticket}`);
  await page.getByRole("button", { name: action, exact: true }).click();
  await page.getByRole("dialog").getByLabel("Note").fill(note);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
}

/** Goes to a section of the desk, from anywhere. */
async function open(page, section) {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Desk" }).click();
  await page.getByRole("navigation", { name: "Desk", exact: true }).getByRole("link", { name: section }).click();
}

/** A runbook of one Halo API action, with a button for it on tickets. */
async function runbookOf(nimbus, name, action, body) {
  const runbook = `${action}-runbook`;
  await nimbus.call("POST", "/console/import", {
    format: "nimbus.bundle/1",
    runbooks: [
      {
        id: runbook,
        name,
        enabled: true,
        start: { access: "desk" },
        from_desk: [],
        first_step: "act",
        steps: [
          { id: "act", name, type: "desk_action", action, body, at: [80, 120], next: { success: "done", failure: "failed" } },
          { id: "done", name: "Done", type: "end", outcome: "success", at: [360, 80] },
          { id: "failed", name: "Not done", type: "end", outcome: "failed", at: [360, 240] },
        ],
      },
    ],
    desk: { actions: [{ name, system_use: "queue_runbook", runbook }] },
  });
}

test("a runbook made from nothing makes a customer from a ticket", async ({ page }) => {
  const chart = page.getByRole("region", { name: "Flow chart" });
  const palette = page.getByRole("dialog", { name: "Add a step" });
  const main = page.getByRole("main");

  await test.step("the action is picked, and brings its JSON along", async () => {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Runbooks" }).click();
    await page.getByRole("button", { name: "New runbook" }).first().click();
    await page.getByLabel("Name", { exact: true }).fill("Take on a customer");
    await chart.getByRole("button", { name: "Add the first step" }).click();
    await palette.getByLabel("Search what to add").fill("customer");
    await picture(page, "halo-actions-palette");
    await palette.getByRole("button", { name: "Create Customer" }).click();
    await expect(page.getByLabel("Body (JSON)")).toHaveValue(/"name": "<<ticket\^summary>>"/);
  });

  await test.step("a key is looked up and put in", async () => {
    await page.getByText("Keys of this JSON").click();
    await page.getByLabel("Search the keys").fill("colour");
    await page.getByRole("button", { name: "Put in colour" }).click();
    await expect(page.getByLabel("Body (JSON)")).toHaveValue(/"colour": "#4f46e5"\n {2}}\n]$/);
    await expect(page.getByRole("button", { name: "colour is in the JSON already" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByLabel("Body (JSON)")).toHaveValue(/^(?!.*"colour".*"colour")/s);
    await picture(page, "halo-actions-keys");
    await expectAccessible(page);
  });

  await test.step("into empty JSON as well, and not into what cannot be read", async () => {
    const body = page.getByLabel("Body (JSON)");
    await body.fill("");
    await page.getByRole("button", { name: "Put in colour" }).click();
    await expect(body).toHaveValue('[\n  {\n    "colour": "#4f46e5"\n  }\n]');
    await body.fill('[{"name": "x"');
    await expect(page.getByRole("button", { name: "colour cannot be put in: correct the JSON first" })).toHaveAttribute("aria-disabled", "true");
  });

  await test.step("what is missing is said before it is published", async () => {
    await page.getByLabel("Body (JSON)").fill('[{"website": "<<action^note>>"}]');
    await expect(main).toContainText("Create Customer needs name: give it a value");
    await page.getByRole("button", { name: "Publish" }).click();
    await expect(page.locator("details.problems")).toContainText("Create Customer needs name");
    await page.getByLabel("Body (JSON)").fill('[{"name": "<<action^note>>", "website": "https://orchard.example", "newclient_sitename": "Orchard Lane"}]');
  });

  await test.step("published, with a button on tickets", async () => {
    for (const [way, words, name] of [
      ["success", "end", /End: success/],
      ["failure", "end", /End: failed$/],
    ]) {
      await page.getByRole("button", { name: "Show all" }).click();
      await chart.locator(".step-card").filter({ hasText: "Create Customer" }).getByRole("button", { name: `Way out: ${way}` }).click();
      await page.getByRole("menuitem", { name: "Add a step here" }).click();
      await palette.getByLabel("Search what to add").fill(words);
      await palette.getByRole("button", { name }).click();
      await expect(palette).toBeHidden();
    }
    await page.getByRole("tab", { name: "Details" }).click();
    await page.keyboard.press("Control+s");
    await saved(page);
    await page.getByRole("link", { name: "New action" }).click();
    await nameIt(page, "Take on a customer");
    await expect(page.getByLabel("Runbook", { exact: true })).toHaveValue(/./);
    await page.getByRole("button", { name: "Create action" }).click();
    await saved(page);
    await page.getByRole("region", { name: "What it does" }).getByRole("link", { name: "Open the runbook" }).click();
    await page.getByRole("tab", { name: "Details" }).click();
    await expect(page.getByRole("button", { name: "Delete the action Take on a customer" })).toBeVisible();
    await page.getByRole("button", { name: "Publish" }).click();
    await expect(main).toContainText("Published, version 1");
  });

  await test.step("pressed on a ticket, the customer is in the list", async () => {
    await act(page, 1001, "Take on a customer", "Orchard Lane Nursery");
    await expect(page.locator(".ticket-runs")).toContainText("Succeeded");
    await open(page, "Customers");
    await page.getByRole("link", { name: "Orchard Lane Nursery" }).click();
    await expect(page.getByLabel("Website")).toHaveValue("https://orchard.example");
    await expect(page.getByRole("region", { name: "Sites" })).toContainText("Orchard Lane");
    await picture(page, "halo-actions-customer");
  });
});

test("statuses, tables, rows and columns are chosen, not looked up with other tools", async ({ page, nimbus }) => {
  await runbookOf(nimbus, "Chosen", "update_ticket", '[{"id": <<ticket^id>>}]');
  await page.goto("/runbooks/update_ticket-runbook?tab=chart&step=act");
  const body = page.getByLabel("Body (JSON)");

  await test.step("the status of spam", async () => {
    await page.getByText("Keys of this JSON").click();
    await page.getByLabel("Search the keys").fill("status_id");
    await page.getByText("Choose status_id").click();
    await page.getByRole("button", { name: "9 Closed" }).click();
    await expect(body).toHaveValue('[{"id": <<ticket^id>>, "status_id": 9}]');
    await page.getByRole("button", { name: "8 Resolved" }).click();
    await expect(body).toHaveValue('[{"id": <<ticket^id>>, "status_id": 8}]');
    await expectAccessible(page);
  });

  await test.step("a row of a table, by its columns", async () => {
    await page.getByRole("combobox", { name: "Halo API action" }).fill("Edit Custom");
    await page.getByRole("option", { name: "Edit Custom Table Data" }).click();
    await page.getByRole("button", { name: "Begin with the JSON of this action" }).click();
    await page.getByLabel("Search the keys").fill("which record");
    await page.getByText("Choose id", { exact: true }).click();
    await page.getByRole("button", { name: "1 On call" }).click();
    await page.getByLabel("Search the keys").fill("edit_customfields");
    await page.getByText("Choose edit_customfields").click();
    await page.getByRole("button", { name: /^Row 2: Sunday, Tom Whitfield/ }).click();
    await expect(body).toHaveValue(/"edit_customfields": \[\{"id": 2, "customfields": \[\{"name": "CFWeekday", "value": "Sunday"\}/);
    await picture(page, "halo-actions-choices");
  });

  await test.step("the table's own page says them, too", async () => {
    await page.goto("/desk/tables/1");
    await expect(page.getByRole("main")).toContainText("Runbooks know this table as number 1");
    await expect(page.getByRole("columnheader", { name: /Weekday/ })).toContainText("CFWeekday");
  });
});

test("an integration that is marked as a Halo instance knows where tokens come from", async ({ page, nimbus }) => {
  await nimbus.call("POST", "/console/import", {
    format: "nimbus.bundle/1",
    integrations: [{ id: "their-halo", name: "Their Halo", base_url: "https://their.example/api", methods: [] }],
  });
  await page.goto("/integrations/their-halo");
  await page.getByRole("switch", { name: "This is a Halo instance" }).check();
  await expect(page.getByLabel("Authorization")).toHaveValue("oauth2");
  await expect(page.getByLabel("Token URL")).toHaveValue("https://their.example/auth/token");
  await page.getByLabel("Tenant").fill("acme");
  await expect(page.getByLabel("Token URL")).toHaveValue("https://their.example/auth/token?tenant=acme");
  await expect(page.getByRole("complementary", { name: "What it means" })).toContainText("https://their.example/api/Client");
  await page.getByLabel("Client id").fill("abc");
  await page.getByRole("switch", { name: "This is a Halo instance" }).uncheck();
  await page.getByRole("switch", { name: "This is a Halo instance" }).check();
  await expect(page.getByLabel("Client id")).toHaveValue("abc");
  await picture(page, "halo-actions-integration");
});

test("a step at another instance says whose ids a ticket has", async ({ page, nimbus }) => {
  await nimbus.call("POST", "/console/import", {
    format: "nimbus.bundle/1",
    integrations: [{ id: "other-halo", name: "Other Halo", base_url: "https://other.example/api", halo: true, methods: [] }],
  });
  await runbookOf(nimbus, "Edit elsewhere", "edit_customer", '[{"id": <<ticket^client_id>>, "notes": "n"}]');
  await page.goto("/runbooks/edit_customer-runbook");
  await page.getByRole("tab", { name: /^Flow Chart/ }).click();
  await page.getByRole("region", { name: "Flow chart" }).getByRole("button", { name: /^Edit elsewhere/ }).click();
  const at = page.getByLabel("At", { exact: true });
  await expect(page.getByRole("main")).toContainText("marked as a Halo instance");
  await at.selectOption({ label: "Other Halo" });
  await expect(page.getByRole("main")).toContainText("are this desk's: Other Halo has others");
});

test("a ticket is marked as spam", async ({ page, nimbus }) => {
  await runbookOf(nimbus, "Mark as spam", "update_ticket", '[{"id": <<ticket^id>>, "status_id": 9, "category_1": "Spam"}]');
  await act(page, 1003, "Mark as spam", "Not for us");
  await expect(page.getByRole("main")).toContainText("Closed");
  await page.reload();
  await expect(page.getByRole("main")).toContainText("Spam");
});

test("one row of a custom table is edited, and the others stay", async ({ page, nimbus }) => {
  const body = '[{"id": 1, "edit_customfields": [{"id": 2, "customfields": [{"name": "CFEngineer", "value": <<action^note>>}]}]}]';
  await runbookOf(nimbus, "Swap Sunday", "edit_custom_table_data", body);
  const rows = async () => (await nimbus.call("GET", "/api/CustomTable/1")).customfields[0].value;
  const before = await rows();
  await act(page, 1002, "Swap Sunday", "Nadia Rahman");
  await expect(page.locator(".ticket-runs")).toContainText("Succeeded");
  const after = await rows();
  expect(after[0]).toEqual(before[0]);
  expect(after[1].customfields.map(({ value }) => value)).toEqual(["Sunday", "Nadia Rahman", before[1].customfields[2].value]);

  await open(page, "Custom tables");
  await page.getByRole("link", { name: "On call" }).click();
  for (const value of ["Priya Nair", "Nadia Rahman"]) {
    await expect.poll(() => page.getByRole("main").getByRole("textbox").evaluateAll((fields) => fields.map((field) => field.value))).toContain(value);
  }
  await picture(page, "halo-actions-table");
});

test("an article is written from a ticket", async ({ page, nimbus }) => {
  const body = '[{"name": "About: <<ticket^summary>>", "resolution": <<action^note>>, "tag_string": "from ticket <<ticket^id>>"}]';
  await runbookOf(nimbus, "Write it up", "create_knowledge_base_article", body);
  await act(page, 1001, "Write it up", "Remove the stored password, then sign in once.");
  await expect(page.locator(".ticket-runs")).toContainText("Succeeded");
  await open(page, "Knowledge base");
  await page.getByRole("link", { name: "About: Outlook keeps asking for my password since the mailbox move" }).click();
  await expect(page.getByRole("main")).toContainText("About: Outlook keeps asking");
  await expect(page.getByRole("main")).toContainText("Remove the stored password, then sign in once.");
  await picture(page, "halo-actions-article");
});
