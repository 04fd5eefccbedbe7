// A small team keeps its customers, their sites, people and things, its articles and its tables: made, found, changed,
// deleted and brought back.
import { readFile } from "node:fs/promises";
import { expect, expectAccessible, expectToFit, picture, saved, signIn, test } from "./fixtures.mjs";

test.use({
  workspace: "records",
  // The answer to deleting what is still used.
  expectedStatuses: [400],
});

test.beforeEach(({ page, nimbus }) => signIn(page, nimbus));

const news = (page) => page.getByRole("region", { name: "News" });
const more = async (page, command) => {
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: command }).click();
};

/** All that a person may look at, in the sizes and colours in which they may look at it. */
async function look(page, name) {
  await expectAccessible(page);
  for (const width of [1280, 900, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await picture(page, `${name}-${width}`);
    await expectToFit(page);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: "dark" });
  await picture(page, `${name}-1280-dark`);
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: "light" });
}

test("a customer with a site and a user, by the keyboard alone", async ({ page, nimbus }) => {
  const main = page.getByRole("main");

  await test.step("N makes one, and says what is missing", async () => {
    await page.getByRole("navigation", { name: "Desk", exact: true }).getByRole("link", { name: "Customers" }).click();
    await expect(page.getByRole("link", { name: "Norwood Timber Ltd" })).toBeVisible();
    await look(page, "records-customers");
    await page.keyboard.press("n");
    await expect(page).toHaveURL("/desk/customers/new");
    await expect(page.getByLabel("Name", { exact: false }).first()).toBeFocused();
    await page.keyboard.press("Control+s");
    await expect(main).toContainText("A Name must be entered for this Customer");
    await picture(page, "records-missing");
    await page.keyboard.type("Norwood Timber Ltd");
    await page.keyboard.press("Control+s");
    await expect(main).toContainText("Name must be unique");
    await expect(main.getByLabel("Name", { exact: false }).first()).toBeFocused();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("Ashdown Veterinary Clinic");
    await page.keyboard.press("Control+s");
    await expect(page).toHaveURL(/\/desk\/customers\/\d+$/);
    await expect(page.getByRole("heading", { name: "Ashdown Veterinary Clinic", level: 1 })).toBeVisible();
    await expect(page.getByRole("region", { name: "Sites" }).getByRole("link", { name: "Main" })).toBeVisible();
  });

  await test.step("it is changed in place, and kept", async () => {
    await page.getByLabel("Website").fill("https://ashdown-vets.example");
    await page.getByRole("button", { name: "Add custom field" }).click();
    await page.keyboard.type("CFRegion");
    await page.keyboard.press("Tab");
    await page.keyboard.type("South");
    await expect(main).toContainText("Unsaved changes");
    await page.getByRole("link", { name: "Runs", exact: true }).click();
    await page.getByRole("dialog", { name: "Discard your changes?" }).getByRole("button", { name: "Stay" }).click();
    await page.keyboard.press("Control+s");
    await saved(page);
    await page.reload();
    await expect(page.getByLabel("Website")).toHaveValue("https://ashdown-vets.example");
    await expect(page.getByLabel("Value of row 1")).toHaveValue("South");
    await look(page, "records-customer");
  });

  await test.step("a site of it", async () => {
    await page.getByRole("region", { name: "Sites" }).getByRole("link", { name: "New site" }).click();
    await expect(page.getByLabel("Customer")).toHaveValue("Ashdown Veterinary Clinic");
    await page.getByLabel("Name", { exact: false }).first().fill("Stables");
    await page.getByRole("button", { name: "Create site" }).click();
    await expect(page.getByRole("heading", { name: "Stables", level: 1 })).toBeVisible();
  });

  await test.step("a user of that", async () => {
    await page.getByRole("region", { name: "Users" }).getByRole("link", { name: "New user" }).click();
    await expect(page.getByLabel("Site", { exact: false }).first()).toHaveValue("Stables");
    await page.getByLabel("First name").fill("Imogen");
    await page.getByLabel("Surname").fill("Hale");
    await page.getByRole("button", { name: "Create user" }).click();
    await expect(page.getByRole("heading", { name: "Imogen Hale", level: 1 })).toBeVisible();
    await expect(page.getByRole("complementary", { name: "Belongs to it" })).toContainText("Ashdown Veterinary Clinic");
  });

  await test.step("a thing that she uses, found by typing", async () => {
    await page.getByRole("region", { name: "Assets" }).getByRole("link", { name: "New asset" }).click();
    await page.getByLabel("Asset tag").fill("AVC-0001");
    const type = page.getByLabel("Asset type");
    await type.click();
    await type.fill("work");
    await page.getByRole("option", { name: "Workstation" }).click();
    await page.getByLabel("Computer name").fill("AVC-DESK-1");
    await page.getByLabel("Operating system").fill("Windows 11");
    await expect(page.getByRole("link", { name: "Imogen Hale" })).toBeVisible();
    await page.getByRole("button", { name: "Create asset" }).click();
    await expect(page.getByRole("heading", { name: "AVC-0001", level: 1 })).toBeVisible();
    await expect(page.getByLabel("Operating system")).toHaveValue("Windows 11");
    await look(page, "records-asset");
  });

  await test.step("/ finds the customer, and a reload stays there", async () => {
    await page.goto("/desk/customers");
    await expect(page.getByRole("link", { name: "Norwood Timber Ltd" })).toBeVisible();
    await page.keyboard.press("/");
    await page.keyboard.type("ashdown");
    await expect(page.getByRole("row")).toHaveCount(2);
    await expect(page).toHaveURL("/desk/customers?search=ashdown");
    await page.reload();
    await expect(page.getByLabel("Search customers")).toHaveValue("ashdown");
    await expect(page.getByRole("row")).toHaveCount(2);
    await page.getByLabel("Search customers").fill("nobody of that name");
    await expect(main).toContainText("No customer matches");
  });

  await test.step("the users of one customer, as a sheet", async () => {
    await page.goto("/desk/users");
    const customer = page.getByLabel("Customer");
    await customer.click();
    await customer.fill("ashdown");
    await page.getByRole("option", { name: "Ashdown Veterinary Clinic" }).click();
    await expect(page).toHaveURL(/client_id=\d+/);
    await expect(page.getByRole("row")).toHaveCount(3);
    const downloading = page.waitForEvent("download");
    await more(page, "Export as CSV");
    const download = await downloading;
    expect(download.suggestedFilename()).toBe("users.csv");
    const sheet = await readFile(await download.path(), "utf8");
    expect(sheet.split("\n")[0]).toContain("id,name,site_id,site_name,client_id,client_name");
    expect(sheet).toContain("Imogen Hale");
    expect(sheet).not.toContain("Sarah Kent");
  });

  await test.step("sorted, whichever page they are on", async () => {
    await page.goto("/desk/customers");
    const names = () => page.getByRole("row").getByRole("link").allInnerTexts();
    await page.getByRole("button", { name: "Name", exact: true }).click();
    await page.getByRole("button", { name: "Name", exact: true }).click();
    await expect(page).toHaveURL("/desk/customers?order=-name");
    await expect.poll(async () => (await names())[0]).toBe("Norwood Timber Ltd");
  });

  await test.step("the keys are listed", async () => {
    await page.keyboard.press("?");
    const keys = page.getByRole("dialog", { name: "Keys on this page" });
    await expect(keys).toContainText("New customer");
    await expect(keys).toContainText("Search");
    await page.keyboard.press("Escape");
    await nimbus.call("GET", "/api/Client");
  });
});

test("what is deleted can be brought back for ten seconds", async ({ page, nimbus }) => {
  const [asset] = [await nimbus.call("POST", "/api/Asset", [{ assettype_id: 1, client_id: 3, inventory_number: "OLD-1" }])];
  const list = async () => (await nimbus.call("GET", "/api/Asset?search=OLD-1")).record_count;

  await test.step("brought back", async () => {
    await page.goto(`/desk/assets/${asset.id}`);
    await more(page, "Delete asset");
    await expect(page).toHaveURL("/desk/assets");
    await expect(page.getByRole("link", { name: "HLS-0044" })).toBeVisible();
    await expect(page.getByRole("link", { name: "OLD-1" })).toBeHidden();
    await picture(page, "records-deleted");
    await news(page).getByRole("button", { name: "Undo" }).click();
    await expect(page.getByRole("link", { name: "OLD-1" })).toBeVisible();
    expect(await list()).toBe(1);
  });

  await test.step("gone, once the bar is", async () => {
    await page.getByRole("link", { name: "OLD-1" }).click();
    await more(page, "Delete asset");
    await news(page).getByRole("button", { name: "Dismiss" }).click();
    await expect.poll(list).toBe(0);
    await expect(page.getByRole("link", { name: "OLD-1" })).toBeHidden();
  });

  await test.step("gone, when the window is left", async () => {
    const { id } = await nimbus.call("POST", "/api/Asset", [{ assettype_id: 1, client_id: 3, inventory_number: "OLD-1" }]);
    await page.goto(`/desk/assets/${id}`);
    await more(page, "Delete asset");
    await expect(page).toHaveURL("/desk/assets");
    await page.goto("about:blank");
    await expect.poll(list).toBe(0);
  });

  await test.step("with what goes along", async () => {
    const { id } = await nimbus.call("POST", "/api/Client", [{ name: "Casc" }]);
    const site = await nimbus.call("POST", "/api/Site", [{ client_id: id, name: "Second" }]);
    await nimbus.call("POST", "/api/Users", ["Ada", "Bo", "Cy"].map((name) => ({ name, site_id: site.id })));
    const count = async (resource) => (await nimbus.call("GET", `/api/${resource}?client_id=${id}`)).record_count;
    const [sites, users] = [await count("Site"), await count("Users")];
    expect(sites).toBe(2);
    expect(users).toBeGreaterThanOrEqual(4);
    await page.goto(`/desk/customers/${id}`);
    await more(page, "Delete customer");
    await expect(news(page)).toContainText(`Deleted Casc with ${sites} sites and ${users} users`);
    await picture(page, "records-deleted-with-parts");
    await news(page).getByRole("button", { name: "Undo" }).click();
    await expect(page.getByRole("link", { name: "Casc" })).toBeVisible();
    expect([await count("Site"), await count("Users")]).toEqual([sites, users]);
    await page.goto(`/desk/sites/${site.id}`);
    await more(page, "Delete site");
    await expect(news(page)).toContainText(/Deleted Second with \d users/);
    await news(page).getByRole("button", { name: "Dismiss" }).click();
    await expect.poll(() => count("Site")).toBe(1);
  });

  await test.step("what is still used is told at once", async () => {
    await page.goto("/desk/customers/3");
    await more(page, "Delete customer");
    await expect(news(page)).toContainText(/Norwood Timber Ltd is not deleted: \d+ tickets? still belongs? to it/);
    await expect(page).toHaveURL("/desk/customers/3");
    await picture(page, "records-refused");
  });
});

test("one cell of a table is changed, and the other rows stay as they are", async ({ page, nimbus }) => {
  const rows = async () =>
    (await nimbus.call("GET", "/api/CustomTable/1")).customfields[0].value.map(({ id, customfields }) => [id, ...customfields.map(({ value }) => value)]);
  await page.goto("/desk/tables");
  await page.getByRole("link", { name: "On call" }).click();
  const before = await rows();
  const cell = page.getByLabel("Engineer of row 2");
  await expect(cell).toHaveValue("Tom Whitfield");

  await test.step("meanwhile somebody else changes the first row", async () => {
    await nimbus.call("POST", "/api/CustomTable", [
      { id: 1, edit_customfields: [{ id: before[0][0], customfields: [{ name: "CFPhone", value: "changed elsewhere" }] }] },
    ]);
    await cell.fill("Ada Lovelace");
    await cell.press("Enter");
    const after = [
      [before[0][0], before[0][1], before[0][2], "changed elsewhere"],
      [before[1][0], before[1][1], "Ada Lovelace", before[1][3]],
    ];
    await expect.poll(rows).toEqual(after);
    await expect(page.getByLabel("Phone of row 1")).toHaveValue("changed elsewhere");
  });

  await test.step("a row more, and one less", async () => {
    await page.getByRole("button", { name: "Add row" }).click();
    await expect(page.getByLabel("Weekday of row 3")).toBeFocused();
    await page.keyboard.type("Monday");
    await page.keyboard.press("Tab");
    await expect.poll(async () => (await rows()).length).toBe(3);
    await look(page, "records-table");
    // No cell has the focus then: what is pressed next is a key of the page, and no text.
    await page.getByRole("button", { name: "Delete row 1" }).click();
    await expect(page.getByLabel("Weekday of row 1")).toBeHidden();
    await expect(page.getByRole("button", { name: "Delete row 2" })).toBeFocused();
    await expect(news(page)).toContainText("Deleted row 1");
    await page.keyboard.press("?");
    const keys = page.getByRole("dialog", { name: "Keys on this page" });
    await expect(keys).toContainText("Undo: Deleted row 1");
    await page.keyboard.press("Escape");
    await expect(keys).toBeHidden();
    await page.keyboard.press("u");
    await expect(page.getByLabel("Weekday of row 1")).toHaveValue("Saturday");
    await expect(page.getByLabel("Weekday of row 2")).toHaveValue("Sunday");
    await page.getByRole("button", { name: "Delete row 1" }).click();
    await news(page).getByRole("button", { name: "Dismiss" }).click();
    await expect.poll(async () => (await rows()).map(([, day]) => day)).toEqual(["Sunday", "Monday"]);
  });

  await test.step("the last row leads to the one before it", async () => {
    await page.getByRole("button", { name: "Delete row 3" }).press("Enter");
    await expect(page.getByRole("button", { name: "Delete row 2" })).toBeFocused();
    await page.keyboard.press("u");
    await expect(page.getByLabel("Weekday of row 3")).toHaveValue("Monday");
  });

  await test.step("a column more", async () => {
    await page.getByLabel("New column").fill("Deputy");
    await expect(page.getByRole("main")).toContainText("CFDeputy");
    await page.getByRole("button", { name: "Add column" }).click();
    await expect(page.getByLabel("Deputy of row 2")).toBeVisible();
  });
});

test("an article with both halves of its texts", async ({ page }) => {
  await page.goto("/desk/articles");
  await expect(page.getByRole("link", { name: "Outlook asks for the password again and again" })).toBeVisible();
  await page.getByRole("link", { name: "New article" }).click();
  await page.getByLabel("Name", { exact: false }).first().fill("The copier says Login failed");
  await page.getByLabel("Resolution", { exact: true }).fill("1. Restart it.\n2. Try again.");
  await page.getByRole("button", { name: "Create article" }).click();
  await expect(page.getByRole("heading", { name: "The copier says Login failed", level: 1 })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("2. Try again.");
  await page.keyboard.press("e");
  await page.getByText("Resolution as HTML").first().click();
  await expect(page.getByLabel("Resolution as HTML")).toHaveValue("1. Restart it.<br>2. Try again.");
  await page.getByLabel("Resolution as HTML").fill("<p>Restart <b>twice</b>.</p>");
  await page.keyboard.press("Control+s");
  await saved(page);
  await expect(page.getByRole("main").locator("b")).toHaveText("twice");
  await look(page, "records-article");
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await expect(page.getByLabel("Resolution", { exact: true })).toHaveValue("Restart twice.");
  await look(page, "records-article-fields");
});

test("tickets are filtered, kept as a filter, made and changed by hand", async ({ page, nimbus }) => {
  const filters = page.getByRole("navigation", { name: "Filters" });
  await nimbus.call("POST", "/api/Tickets", [{ id: 1003, status_id: 9 }]);
  await page.goto("/desk");
  const row = (name) => page.getByRole("row", { name });

  await test.step("open, closed, unassigned", async () => {
    await expect(row(/Outlook/)).toBeVisible();
    await expect(row(/New starter/)).toBeHidden();
    await filters.getByRole("link", { name: "Closed" }).click();
    await expect(row(/New starter/)).toBeVisible();
    await expect(row(/Outlook/)).toBeHidden();
    await filters.getByRole("link", { name: "Unassigned" }).click();
    await expect(row(/copier/)).toBeVisible();
    await expect(row(/Outlook/)).toBeHidden();
    await filters.getByRole("link", { name: "Mine" }).click();
    await expect(page.getByRole("main")).toContainText("No ticket fits this filter");
  });

  await test.step("one of one's own", async () => {
    await filters.getByRole("link", { name: "All", exact: true }).click();
    await page.getByLabel("Search tickets").fill("password");
    await expect(page).toHaveURL("/desk?view=all&search=password");
    await filters.getByRole("button", { name: "Save this filter" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Passwords");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByLabel("Search tickets").fill("");
    await expect(page).toHaveURL("/desk?view=all");
    await page.reload();
    await filters.getByRole("link", { name: "Passwords" }).click();
    await expect(page.getByLabel("Search tickets")).toHaveValue("password");
    await expect(page.getByRole("row")).toHaveCount(2);
    await look(page, "records-tickets");
    await filters.getByRole("button", { name: "Delete the filter Passwords" }).click();
    await expect(filters.getByRole("link", { name: "Passwords" })).toBeHidden();
  });

  await test.step("made by hand", async () => {
    await expect(row(/Outlook/)).toBeVisible();
    await page.keyboard.press("n");
    await expect(page).toHaveURL("/desk/tickets/new");
    await page.getByLabel("Summary").fill("The kettle in the yard office trips the fuse");
    for (const [field, typed] of [["Ticket type", "Incident"], ["Customer", "Norwood Timber Ltd"]]) {
      await page.getByLabel(field).click();
      await page.getByLabel(field).fill(typed);
      await page.getByRole("option", { name: typed }).click();
    }
    await page.getByRole("button", { name: "Create ticket" }).click();
    await expect(page.getByRole("heading", { name: /kettle/, level: 1 })).toBeVisible();
    await expect(page.getByRole("complementary", { name: "Fields" }).getByRole("link", { name: "Norwood Timber Ltd" })).toHaveAttribute("href", "/desk/customers/3");
  });

  await test.step("changed by hand", async () => {
    await page.keyboard.press("e");
    await expect(page).toHaveURL(/\/edit$/);
    await page.getByLabel("Agent").click();
    await page.getByRole("option", { name: "Priya Nair" }).click();
    await page.keyboard.press("Control+s");
    await expect(page).toHaveURL(/\/desk\/tickets\/\d+$/);
    await expect(page.getByRole("complementary", { name: "Fields" })).toContainText("Priya Nair");
  });
});

test("what somebody else changed meanwhile is not replaced unasked", async ({ page, nimbus }) => {
  const made = await nimbus.call("POST", "/api/Client", [{ name: "Two At Once", notes: "as it was", website: "https://a.example" }]);
  await page.goto(`/desk/customers/${made.id}`);
  await page.getByLabel("Website").fill("https://mine.example");
  await nimbus.call("POST", "/api/Client", [{ id: made.id, notes: "theirs" }]);
  await page.keyboard.press("Control+s");
  await expect(page.getByLabel("Notes")).toHaveValue("theirs");
  await expect(page.getByRole("main")).toContainText("Saved");

  const question = page.getByRole("dialog", { name: "Somebody else saved this" });
  await page.getByLabel("Notes").fill("mine");
  await nimbus.call("POST", "/api/Client", [{ id: made.id, notes: "theirs again" }]);
  await page.keyboard.press("Control+s");
  await question.getByRole("button", { name: "Take theirs" }).click();
  await expect(page.getByLabel("Notes")).toHaveValue("theirs again");

  await page.getByLabel("Notes").fill("mine");
  await nimbus.call("POST", "/api/Client", [{ id: made.id, notes: "and again" }]);
  await page.keyboard.press("Control+s");
  await question.getByRole("button", { name: "Keep mine" }).click();
  await expect.poll(async () => (await nimbus.call("GET", `/api/Client/${made.id}`)).notes).toBe("mine");
});

test("a cell is saved by the keys that save a page", async ({ page, nimbus }) => {
  await page.goto("/desk/tables");
  await page.getByRole("link", { name: "On call" }).click();
  const cell = page.getByRole("region", { name: "Rows of the table" }).getByRole("textbox").first();
  await cell.fill("Every other Monday");
  await page.keyboard.press("Control+s");
  await expect.poll(async () => JSON.stringify(await nimbus.call("GET", "/api/CustomTable"))).toContain("Every other Monday");
  await page.reload();
  await expect(cell).toHaveValue("Every other Monday");
});
