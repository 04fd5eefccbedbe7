// What the desk's pages tell whoever works on them: what is required, what looks wrong, what changed elsewhere; and where one
// is led to afterwards.
import { readFile } from "node:fs/promises";
import { expect, expectAccessible, expectToFit, picture, saved, signIn, test } from "./fixtures.mjs";

test.use({
  workspace: "desk-pages",
  // The answer for a record that somebody else has deleted.
  expectedStatuses: [404],
});

test.beforeEach(({ page, nimbus }) => signIn(page, nimbus));

const news = (page) => page.getByRole("region", { name: "News" });
const more = async (page, command) => {
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: command }).click();
};

test("a form says what is required, and how an address looks", async ({ page }) => {
  const main = page.getByRole("main");
  const label = (words) => main.locator("label").filter({ hasText: words });

  await page.goto("/desk/users/new");
  await expect(label("Name").first()).toContainText("this or the names below");
  await page.goto("/desk/tickets/new");
  await expect(label("Summary")).toContainText("required");
  await expect(label("Status")).toBeVisible();
  await expect(label("Status")).not.toContainText("required");
  await page.goto("/desk/assets/new");
  await expect(label("Customer")).toContainText("this or the next");
  await expect(main).toContainText("One of the values kept under Lookups");

  await page.goto("/desk/sites/new");
  await page.getByLabel("Name", { exact: false }).first().fill("Nowhere");
  await page.keyboard.press("Control+s");
  await expect(main).toContainText("A Customer must be chosen for this Site");

  await page.goto("/desk/customers/new");
  await page.getByLabel("Name", { exact: false }).first().fill("Fell & Sons");
  const colour = page.getByRole("textbox", { name: "Colour" });
  await colour.fill("indigo");
  await expect(main).not.toContainText("A colour looks like");
  await colour.blur();
  await expect(main).toContainText("A colour looks like #4f46e5");
  await picture(page, "desk-pages-colour");
  await expectAccessible(page);
  await colour.pressSequentially("!");
  await expect(main).toContainText("A colour looks like #4f46e5");
  await colour.fill("#4f46e5");
  await expect(main).not.toContainText("A colour looks like");
  await page.getByLabel("Email address of the first user").fill("fell at example.com");
  await page.keyboard.press("Control+s");
  await expect(main).toContainText("An email address looks like");
  await expect(page.getByLabel("Email address of the first user")).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("fell@example.com");
  await page.keyboard.press("Control+s");
  await expect(page.getByRole("heading", { name: "Fell & Sons", level: 1 })).toBeVisible();
});

test("the filters of the tickets and the search hold together", async ({ page, nimbus }) => {
  const filters = page.getByRole("navigation", { name: "Filters" });
  const chosen = filters.locator("a[aria-current]");
  await nimbus.call("POST", "/api/Tickets", [
    { summary: "Kettle in the north office", tickettype_id: 1 },
    { summary: "Kettle in the south office", tickettype_id: 1, status_id: 9 },
  ]);
  await page.goto("/desk");
  await expect(chosen).toHaveText(["Open"]);
  await page.getByLabel("Search tickets").fill("kettle");
  await expect(page.getByRole("row", { name: /north/ })).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(chosen).toHaveText(["Open"]);
  await filters.getByRole("link", { name: "Closed" }).click();
  await expect(page).toHaveURL("/desk?search=kettle&view=closed");
  await expect(page.getByLabel("Search tickets")).toHaveValue("kettle");
  await expect(page.getByRole("row", { name: /south/ })).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(chosen).toHaveText(["Closed"]);
  for (const width of [1280, 900, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await picture(page, `desk-pages-filters-${width}`);
    await expectToFit(page);
  }

  await page.getByLabel("Search tickets").fill("kettle north");
  await expect(page.getByRole("main")).toContainText("among the tickets of the filter Closed");
  await page.getByRole("button", { name: "Search all tickets" }).click();
  await expect(page.getByRole("row", { name: /north/ })).toBeVisible();
  await expect(chosen).toHaveText(["All"]);
});

test("tickets are narrowed by what is said of them, and that is part of a filter of one's own", async ({ page, nimbus }) => {
  const filters = page.getByRole("navigation", { name: "Filters" });
  const row = (name) => page.getByRole("row", { name });
  const pick = async (field, choice) => {
    await page.getByLabel(field, { exact: true }).click();
    await page.getByLabel(field, { exact: true }).fill(choice);
    await page.getByRole("option", { name: choice }).click();
  };
  await nimbus.call("POST", "/api/Tickets", [
    { summary: "Radio in the van is silent", tickettype_id: 1, status_id: 2, agent_id: 2, priority_id: 3, team: "1st Line Support", client_id: 1 },
    { summary: "Radio in the yard is silent", tickettype_id: 3, status_id: 2, agent_id: 3, priority_id: 4, team: "2nd Line Support", client_id: 3 },
    { summary: "Radio in the shop is silent", tickettype_id: 1, status_id: 1, agent_id: 2, priority_id: 3, team: "1st Line Support", client_id: 1 },
  ]);
  const van = await nimbus.call("GET", "/api/Tickets?search=radio%20van");

  await test.step("a number finds its ticket, with and without its sign", async () => {
    await page.goto("/desk");
    await page.getByLabel("Search tickets").fill(`#${van.tickets[0].id}`);
    await expect(page).toHaveURL(/search=%23/);
    await expect(row(/van/)).toBeVisible();
    await expect(page.getByRole("row")).toHaveCount(2);
  });

  await test.step("each field narrows the list", async () => {
    for (const [field, choice, address, shown, hidden] of [
      ["Status", "New", "status_id=1", /shop/, /van/],
      ["Agent", "Tom Whitfield", "agent_id=3", /yard/, /van/],
      ["Team", "2nd Line Support", "team_id=2", /yard/, /van/],
      ["Priority", "Low", "priority_id=4", /yard/, /shop/],
      ["Type", "Service Request", "tickettype_id=3", /yard/, /van/],
      ["Customer", "Norwood Timber Ltd", "client_id=3", /yard/, /van/],
    ]) {
      await page.goto("/desk?search=radio");
      await expect(page.getByRole("row")).toHaveCount(4);
      await filters.getByRole("button", { name: "More filters" }).click();
      await expect(page.getByLabel("Status", { exact: true })).toBeFocused();
      await pick(field, choice);
      await expect(page).toHaveURL(`/desk?search=radio&${address}`);
      await expect(row(shown)).toBeVisible();
      await expect(row(hidden)).toBeHidden();
      await expect(page.getByRole("main")).toContainText(`${field}: ${choice}`);
      await page.getByRole("button", { name: `Show the tickets of every ${field.toLowerCase()}` }).click();
      await expect(page).toHaveURL("/desk?search=radio");
      await expect(page.getByRole("row")).toHaveCount(4);
    }
  });

  await test.step("two of them together are kept under a name", async () => {
    await filters.getByRole("button", { name: "Fewer filters" }).click();
    await expect(page.getByLabel("Status", { exact: true })).toBeHidden();
    await page.goto("/desk");
    await filters.getByRole("button", { name: "More filters" }).click();
    await pick("Status", "In Progress");
    await pick("Agent", "Priya Nair");
    await expect(page).toHaveURL("/desk?status_id=2&agent_id=2");
    await expect(row(/van/)).toBeVisible();
    await expect(row(/shop/)).toBeHidden();
    await expectAccessible(page);
    for (const width of [1280, 900, 390]) {
      await page.setViewportSize({ width, height: 800 });
      await picture(page, `desk-pages-narrowed-${width}`);
      await expectToFit(page);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await filters.getByRole("button", { name: "Save this filter" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Under way with Priya");
    await page.keyboard.press("Enter");
    await page.goto("/desk");
    await expect(row(/shop/)).toBeVisible();
    await filters.getByRole("link", { name: "Under way with Priya" }).click();
    await expect(page).toHaveURL("/desk?status_id=2&agent_id=2");
    await expect(row(/van/)).toBeVisible();
    await expect(row(/shop/)).toBeHidden();
    await expect(filters.locator("a[aria-current]")).toHaveText(["Under way with Priya"]);
    await expect(page.getByRole("main")).toContainText("Status: In Progress");
    await expect(page.getByRole("main")).toContainText("Agent: Priya Nair");
  });

  await test.step("one's own are nobody else's", async () => {
    await filters.getByRole("link", { name: "Unassigned" }).click();
    await expect(page).toHaveURL("/desk?status_id=2&view=unassigned");
    await page.goto("/desk?view=mine");
    await filters.getByRole("button", { name: "More filters" }).click();
    await pick("Agent", "Priya Nair");
    await expect(page).toHaveURL("/desk?agent_id=2");
  });
});

test("the arrow keys lead from the page and from its search to the rows", async ({ page }) => {
  await page.goto("/desk");
  const links = page.getByRole("table", { name: "Tickets" }).locator("tbody").getByRole("link");
  await expect(links.nth(1)).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await expect(links.first()).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(links.nth(1)).toBeFocused();
  await page.keyboard.press("/");
  await expect(page.getByLabel("Search tickets")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(links.first()).toBeFocused();
  for (const [key, link] of [["End", links.last()], ["Home", links.first()]]) {
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press(key);
    await expect(link).toBeFocused();
  }
  // In a field, they move within its text.
  await page.getByLabel("Search tickets").focus();
  await page.keyboard.press("Home");
  await expect(page.getByLabel("Search tickets")).toBeFocused();
});

test("a ticket's buttons come with the page, and a key opens the note", async ({ page, nimbus }) => {
  const actions = Array.from({ length: 20 }, (_, at) => ({ name: `Ask the supplier again, number ${at}`, system_use: "none" }));
  await nimbus.call("POST", "/console/import", { format: "nimbus.bundle/1", desk: { actions } });
  await page.addInitScript(() => {
    window.layoutShift = 0;
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.layoutShift += shift.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto("/desk/tickets/1001");
  const bar = page.getByRole("toolbar", { name: "Actions" });
  await expect(bar.getByRole("button", { name: "Ask the supplier again, number 19" })).toBeVisible();
  await expect(bar.getByRole("button").first()).toHaveText("Note");
  await expect(page.getByRole("region", { name: "Actions" }).getByRole("listitem").first()).toBeVisible();
  expect(await page.evaluate(() => window.layoutShift)).toBeLessThanOrEqual(0.05);
  await picture(page, "desk-pages-actions");

  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys on this page" });
  await expect(keys).toContainText("Add a note");
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();
  await page.keyboard.press("a");
  const dialog = page.getByRole("dialog", { name: "Note" });
  await dialog.getByLabel("Note").fill("Called back");
  await page.keyboard.press("Control+Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("region", { name: "Actions" })).toContainText("Called back");
});

test("a new ticket of a user is where they are, and a team that is not there is told", async ({ page }) => {
  await page.goto("/desk/tickets/new?user_id=1");
  await expect(page.getByLabel("Customer", { exact: true })).toHaveValue("Brookfield Dental Group");
  await expect(page.getByLabel("Site", { exact: true })).toHaveValue("High Street Surgery");
  const team = page.getByLabel("Team", { exact: true });
  await team.fill("Nonsense");
  await expect(page.getByRole("main")).toContainText("There is no team of this name");
  await team.fill("1st line support");
  await expect(page.getByRole("main")).not.toContainText("There is no team of this name");
});

test("after a delete the list is as it was, and a page that is not there leads back", async ({ page, nimbus }) => {
  const assets = Array.from({ length: 60 }, (_, at) => ({ assettype_id: 1, client_id: 3, inventory_number: `PG-${100 + at}` }));
  await nimbus.call("POST", "/api/Asset", assets);
  await page.goto("/desk/assets?search=PG-&client_id=3");
  await expect(page.getByRole("link", { name: "PG-100" })).toBeVisible();
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByRole("link", { name: "PG-159" })).toBeVisible();
  const before = page.url();
  expect(before).toContain("page=2");
  const pager = page.getByRole("navigation", { name: "Pages" });
  await expect(pager).toContainText("Page 2 of 2 · 60 in all");
  await pager.scrollIntoViewIfNeeded();
  await picture(page, "desk-pages-pager");
  await page.getByRole("link", { name: "PG-159" }).click();
  await more(page, "Delete asset");
  await expect(page).toHaveURL(before);
  await expect(page.getByRole("link", { name: "PG-158" })).toBeVisible();
  await expect(page.getByRole("link", { name: "PG-159" })).toBeHidden();
  await news(page).getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("link", { name: "PG-159" })).toBeVisible();

  await page.goto("/desk/assets?search=PG-&page=99");
  await expect(page.getByRole("main")).toContainText("There is no page 99");
  await picture(page, "desk-pages-no-such-page");
  await page.getByRole("button", { name: "Last page" }).click();
  await expect(page.getByRole("link", { name: "PG-159" })).toBeVisible();
  await page.goto("/desk?page=7");
  await expect(page.getByRole("main")).toContainText("There is no page 7");
  await page.getByRole("button", { name: "First page" }).click();
  await expect(page.getByRole("row", { name: /Outlook/ })).toBeVisible();
});

test("a thread that is longer than a page can hold says what it leaves out", async ({ page, nimbus }) => {
  const { id } = await nimbus.call("POST", "/api/Tickets", [{ summary: "Long thread", tickettype_id: 1 }]);
  for (let number = 1; number <= 10; number++) {
    const note = `Mail ${number} `.concat("word ".repeat(180_000));
    await nimbus.call("POST", "/api/Actions", [{ ticket_id: id, outcome: "Email", note }]);
  }
  await page.goto(`/desk/tickets/${id}`);
  const thread = page.getByRole("region", { name: "Actions" });
  await expect(thread).toContainText(/The oldest \d+ actions are not shown/);
  await expect(thread.getByRole("listitem").last()).toContainText("Mail 10 ");
});

test("a ticket gets a note that users do not see, is exported, deleted and brought back", async ({ page, nimbus }) => {
  const { id } = await nimbus.call("POST", "/api/Tickets", [{ summary: "Lamp flickers in the hall", tickettype_id: 1 }]);

  await test.step("the note", async () => {
    await page.goto(`/desk/tickets/${id}`);
    await page.getByRole("button", { name: "Note", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Note" });
    await dialog.getByLabel("Note").fill("They have asked three times");
    await dialog.getByLabel("Hidden from user").check();
    await expectAccessible(page);
    await picture(page, "desk-pages-note");
    await dialog.getByRole("button", { name: "Add" }).click();
    const entry = page.getByRole("region", { name: "Actions" }).getByRole("listitem").filter({ hasText: "three times" });
    await expect(entry).toContainText("Hidden from user");
    const { actions } = await nimbus.call("GET", `/api/Actions?ticket_id=${id}`);
    expect(actions.map(({ hiddenfromuser }) => hiddenfromuser)).toEqual([true]);
    await page.getByRole("button", { name: "Note", exact: true }).click();
    await expect(dialog.getByLabel("Hidden from user")).not.toBeChecked();
    await page.keyboard.press("Escape");
  });

  await test.step("the list as a sheet", async () => {
    await page.goto("/desk?search=lamp");
    await expect(page.getByRole("row", { name: /Lamp/ })).toBeVisible();
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export as CSV" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe("tickets.csv");
    const sheet = await readFile(await download.path(), "utf8");
    expect(sheet).toContain("Lamp flickers in the hall");
    expect(sheet.trim().split("\n")).toHaveLength(2);
  });

  await test.step("deleted, and brought back", async () => {
    await page.getByRole("link", { name: String(id), exact: true }).click();
    await more(page, "Delete ticket");
    await expect(page).toHaveURL("/desk?search=lamp");
    await expect(page.getByRole("row", { name: /Lamp/ })).toBeHidden();
    await news(page).getByRole("button", { name: "Undo" }).click();
    await expect(page.getByRole("row", { name: /Lamp/ })).toBeVisible();
    await page.getByRole("link", { name: String(id), exact: true }).click();
    await more(page, "Delete ticket");
    await news(page).getByRole("button", { name: "Dismiss" }).click();
    await expect.poll(async () => (await nimbus.call("GET", "/api/Tickets?search=lamp")).record_count).toBe(0);
  });
});

test("pages follow what changes elsewhere, and keep what is typed", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  const change = (fields) => nimbus.call("POST", "/api/Client", [fields]);

  await test.step("a list", async () => {
    await page.goto("/desk/customers");
    await expect(page.getByRole("link", { name: "Norwood Timber Ltd" })).toBeVisible();
    await change({ name: "Made Elsewhere" });
    await expect(page.getByRole("link", { name: "Made Elsewhere" })).toBeVisible();
  });
  const { clients } = await nimbus.call("GET", "/api/Client?search=Made%20Elsewhere");
  const [{ id }] = clients;

  await test.step("fields that nobody has touched here", async () => {
    await page.getByRole("link", { name: "Made Elsewhere" }).click();
    await page.getByLabel("Notes").fill("typed here");
    await change({ id, website: "https://theirs.example" });
    await expect(page.getByLabel("Website")).toHaveValue("https://theirs.example");
    await expect(page.getByLabel("Notes")).toHaveValue("typed here");
    await expect(main).toContainText("Unsaved changes");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await saved(page);
    await expect(page.getByRole("button", { name: "Save", exact: true })).toBeFocused();
    expect(await nimbus.call("GET", `/api/Client/${id}`)).toMatchObject({ notes: "typed here", website: "https://theirs.example" });
  });

  await test.step("the same field is asked about", async () => {
    await page.getByLabel("Notes").fill("mine");
    await change({ id, notes: "theirs", website: "https://again.example" });
    await expect(page.getByLabel("Website")).toHaveValue("https://again.example");
    await expect(page.getByLabel("Notes")).toHaveValue("mine");
    await page.keyboard.press("Control+s");
    await page.getByRole("dialog", { name: "Somebody else saved this" }).getByRole("button", { name: "Take theirs" }).click();
    await expect(page.getByLabel("Notes")).toHaveValue("theirs");
  });

  await test.step("what belongs to it", async () => {
    await nimbus.call("POST", "/api/Site", [{ name: "Second site", client_id: id }]);
    await expect(page.getByRole("region", { name: "Sites" }).getByRole("link", { name: "Second site" })).toBeVisible();
  });

  await test.step("a cell that is being typed into", async () => {
    await page.goto("/desk/tables/1");
    const cell = page.getByLabel("Phone of row 1");
    await expect(cell).toHaveValue(/\d/);
    const rows = async () => (await nimbus.call("GET", "/api/CustomTable/1")).customfields[0].value;
    const [first, second] = await rows();
    await cell.fill("typed here");
    const edit = (row, value) => ({ id: row, customfields: [{ name: "CFPhone", value }] });
    await nimbus.call("POST", "/api/CustomTable", [{ id: 1, edit_customfields: [edit(first.id, "theirs"), edit(second.id, "theirs, too")] }]);
    await page.getByLabel("Phone of row 2").focus();
    await expect(page.getByLabel("Phone of row 2")).toHaveValue("theirs, too");
    await expect(cell).toHaveValue("typed here");
  });

  await test.step("a record that is deleted", async () => {
    await page.goto(`/desk/customers/${id}`);
    await expect(page.getByLabel("Website")).toHaveValue("https://again.example");
    await nimbus.call("DELETE", `/api/Client/${id}`);
    await expect(main).toContainText("This customer was deleted elsewhere");
    await picture(page, "desk-pages-gone");
  });
});
