// What a runbook's settings say of its runs: they wait for their turn, a row of failures switches it off, and a start from the desk that came to nothing is not lost.
import { expect, expectAccessible, picture, signIn, test } from "./fixtures.mjs";

test.use({
  workspace: "running",
  startOptions: ["--allow", "local", "--empty"],
  // What a test of the draft lacks, and a start that cannot be tried again yet.
  expectedStatuses: [400, 409],
});

const FORMAT = "nimbus.bundle/1";

test.beforeEach(({ page, nimbus }) => signIn(page, nimbus));

/** A runbook that a ticket's action starts, and that sends the note on. */
function bundle(stub) {
  const end = (id, outcome) => ({ id, name: outcome, type: "end", outcome });
  return {
    format: FORMAT,
    integrations: [
      {
        id: "api",
        name: "Paging",
        base_url: stub.url,
        auth: { type: "none" },
        methods: [{ id: "send", name: "Send", http_method: "POST", path: "/send", body: { type: "json", text: '{"note": <<Note>>}' } }],
      },
    ],
    runbooks: [
      {
        id: "page-somebody",
        name: "Page somebody",
        enabled: true,
        start: { access: "desk", inputs: [{ name: "Note", value: "request^note", type: "string" }] },
        from_desk: [{ name: "Note", value: "<<action^note>>" }],
        first_step: "one",
        steps: [
          { id: "one", name: "Send", type: "method", method: "send", next: { success: "good", failure: "bad" } },
          end("good", "success"),
          end("bad", "failed"),
        ],
      },
    ],
    desk: { actions: [{ name: "Page", system_use: "queue_runbook", runbook: "page-somebody" }] },
  };
}

test("failures in a row switch a runbook off, and its page says so", async ({ page, nimbus, stub }) => {
  const main = page.getByRole("main");
  await nimbus.call("POST", "/console/import", bundle(stub));
  stub.on("POST", "/send", () => ({ status: 500, body: {} }));

  await test.step("settings are made on the Details tab", async () => {
    await page.goto("/runbooks/page-somebody?tab=details");
    await page.getByLabel("A start then").selectOption("Waits for those with the same key");
    await page.getByRole("textbox", { name: "Key" }).fill("<<Note>>");
    await page.getByLabel("Switch it off after so many failures in a row").fill("2");
    await page.getByRole("switch", { name: "Open a ticket on the desk" }).click();
    await page.getByLabel("Keep at most").fill("100");
    await expect(page.getByLabel("Spread its runs over")).toBeHidden();
    await picture(page, "running-settings");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Publish" }).click();
    await expect(main).toContainText("Published, version 2");
  });

  await test.step("a wrong key is told before it is published", async () => {
    await page.getByRole("textbox", { name: "Key" }).fill("<<Answer>>");
    await expect(main).toContainText("is not known when a run starts");
    await expect(page.getByRole("textbox", { name: "Key" })).toHaveAttribute("aria-invalid", "true");
    await page.getByRole("textbox", { name: "Key" }).fill("<<Note>>");
  });

  for (const note of ["a", "b"]) {
    const started = await nimbus.call("POST", "/console/runbooks/page-somebody/start", { variables: { Note: note } });
    await expect.poll(async () => (await nimbus.call("GET", `/console/runs/${started.run_id}`)).status).toBe("failed");
  }
  await expect.poll(async () => (await nimbus.call("GET", "/console/runbooks/page-somebody")).enabled).toBe(false);
  await page.reload();
  await expect(main).toContainText("It was switched off after 2 failures in a row.");
  await picture(page, "running-switched-off");
  await expectAccessible(page);
  await page.getByRole("link", { name: "The last of them" }).click();
  await expect(main).toContainText("Failed");

  await page.goto("/desk");
  await expect(main).toContainText("Runbook “Page somebody” failed");
  await expect(main).toContainText("Runbook “Page somebody” was switched off after 2 failures");

  await page.goto("/runbooks/page-somebody?tab=details");
  await page.getByRole("switch", { name: "Starts are accepted" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(main).not.toContainText("It was switched off");
});

test("a start from the desk that came to nothing is tried again", async ({ page, nimbus, stub }) => {
  const main = page.getByRole("main");
  await nimbus.call("POST", "/console/import", bundle(stub));
  stub.on("POST", "/send", () => ({ body: {} }));
  const [ticket] = [await nimbus.call("POST", "/api/Tickets", [{ summary: "Printer on fire", tickettype_id: 1 }])].flat();
  await nimbus.call("POST", "/console/runbooks/page-somebody/unpublish", {});
  await page.goto("/runs");
  await expect(page.getByRole("table", { name: "Runs" })).toBeVisible();
  await nimbus.call("POST", "/api/Actions", [{ ticket_id: ticket.id, outcome: "Page", note: "<p>Come</p>" }]);
  await expect(main).toContainText("1 start from the desk came to nothing");
  await expect(main).toContainText("It is not published");
  await picture(page, "running-failed-delivery");
  await expectAccessible(page);

  // Dismissing can be taken back, and does not lead the keyboard astray.
  await main.getByRole("button", { name: "Dismiss" }).press("Enter");
  await expect(main).not.toContainText("came to nothing");
  await expect(main).toBeFocused();
  const news = page.getByRole("region", { name: "News" });
  await expect(news).toContainText(`Dismissed “Page” on ticket ${ticket.id}`);
  await news.getByRole("button", { name: "Undo" }).click();
  await expect(main).toContainText("1 start from the desk came to nothing");

  const again = page.getByRole("button", { name: new RegExp(`^Try again: “Page” on ticket ${ticket.id}, Page somebody, `) });
  await again.click();
  await expect(main.getByRole("alert")).toContainText(`“Page” on ticket ${ticket.id} still did not start. It is not published`);
  await expect(main).not.toContainText("take the action again");

  await nimbus.call("POST", "/console/runbooks/page-somebody/publish", {});
  await again.click();
  await expect(main).not.toContainText("came to nothing");
  await expect(page.getByRole("table", { name: "Runs" })).toContainText("Succeeded");
});

test("a test of the draft asks for its variables each time, and says at which one something is wrong", async ({ page, nimbus, stub }) => {
  const made = bundle(stub);
  const inputs = [{ name: "Note", type: "string" }, { name: "Copies", type: "integer" }];
  const runbook = { ...made.runbooks[0], id: "tried", name: "Tried", start: { access: "desk", inputs }, from_desk: [] };
  await nimbus.call("POST", "/console/import", { ...made, runbooks: [runbook], desk: undefined });
  stub.on("POST", "/send", () => ({ body: {} }));
  await page.goto("/runbooks/tried");
  const dialog = page.getByRole("dialog", { name: "Run a test" });
  const [note, copies] = ["Note", "Copies"].map((name) => dialog.getByLabel(name));
  for (const close of ["Cancel", "Close"]) {
    await page.getByRole("button", { name: "Run a test" }).click();
    await expect(note).toHaveValue("");
    await note.fill("Come");
    await dialog.getByRole("button", { name: close }).click();
    await expect(dialog).toBeHidden();
  }
  await page.getByRole("button", { name: "Run a test" }).click();
  await dialog.getByRole("button", { name: "Run the draft" }).click();
  await expect(note).toHaveAttribute("aria-invalid", "true");
  await expect(note).toBeFocused();
  await expect(dialog).toContainText("The input variable Note is missing: enter a value.");
  await note.fill("Come");
  await copies.fill("abc");
  await dialog.getByRole("button", { name: "Run the draft" }).click();
  await expect(copies).toBeFocused();
  await expect(note).not.toHaveAttribute("aria-invalid", "true");
  await expect(dialog).toContainText("must be a whole number, but it is the text “abc”.");
  await expectAccessible(page);
  await copies.fill("2");
  await dialog.getByRole("button", { name: "Run the draft" }).click();
  await expect(page).toHaveURL(/\/runs\/tried/);
});
