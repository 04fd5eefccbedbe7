// A sheet from elsewhere becomes records: its columns are understood, bad rows are told one by one, and good ones are taken
// once.
import { readFile } from "node:fs/promises";
import { expect, expectAccessible, expectToFit, picture, signIn, test } from "./fixtures.mjs";

test.use({
  workspace: "import",
  // The answers to rows that only the desk can refuse.
  expectedStatuses: [400, 404, 503],
});

test.beforeEach(({ page, nimbus }) => signIn(page, nimbus));

/** Presses that button and goes ahead. */
async function start(page, name) {
  await page.getByRole("button", { name, exact: true }).click();
  const question = page.getByRole("dialog", { name: `${name}?` });
  await question.getByRole("button", { name: "Import", exact: true }).click();
}

/** Reads these rows. */
async function paste(page, rows) {
  await page.getByLabel("Or paste the rows").fill(`${rows.join("\n")}\n`);
  await page.getByRole("button", { name: "Use the pasted rows" }).click();
}

test("customers and their users come in, and what does not is told row by row", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  const left = page.getByRole("table", { name: "Rows left out" });
  const choose = async (name, text) => {
    const choosing = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Choose a file" }).click();
    await (await choosing).setFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  };

  await test.step("the list leads to the import", async () => {
    await page.goto("/desk/customers");
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Import from CSV" }).click();
    await expect(page).toHaveURL("/desk/customers/import");
    await page.getByLabel("Or paste the rows").fill("name");
    await page.getByRole("button", { name: "Use the pasted rows" }).click();
    await expect(main).toContainText("at least one row below it");
  });

  await test.step("a file is chosen, its columns are guessed and can be told", async () => {
    const rows = ["Company;Homepage;CFRegion;Inactive", "Ashdown Vets;https://ashdown.example;South;no", ";https://nameless.example;;", "Norwood Timber Ltd;;;", "Barley & Sons;;North;maybe"];
    await choose("customers.csv", `\ufeff${rows.join("\r\n")}\r\n`);
    await expect(main).toContainText("customers.csv, 4 rows");
    await expect(page.getByLabel("What Company becomes")).toHaveValue("name");
    await expect(page.getByLabel("What CFRegion becomes")).toHaveValue("CFRegion");
    await expect(page.getByLabel("What Homepage becomes")).toHaveValue("");
    await page.getByLabel("What Homepage becomes").selectOption({ label: "Website" });
    await expect(main).toContainText("1 of 4 rows can be imported.");
    await expect(main).toContainText("1 customer will be added. 3 rows are left out.");
    await expect(left.getByRole("row")).toHaveCount(4);
    await expect(left.getByRole("row", { name: /^3 / })).toContainText("A Name must be entered for this Customer");
    // The desk would refuse it: the sheet says so before it is sent.
    await expect(left.getByRole("row", { name: /^4 / })).toContainText(/Norwood Timber Ltd \(number \d+\) has the same name/);
    await expect(left.getByRole("row", { name: /^5 / })).toContainText("Inactive must be yes or no");
    await expectAccessible(page);
    for (const width of [1280, 900, 390]) {
      await page.setViewportSize({ width, height: 800 });
      await picture(page, `import-checked-${width}`, { fullPage: true });
      await expectToFit(page);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: "dark" });
    await picture(page, "import-checked-1280-dark");
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: "light" });
  });

  await test.step("what will happen is asked first, and then the rest is taken", async () => {
    await page.getByRole("button", { name: "Import 1 customer" }).click();
    const question = page.getByRole("dialog", { name: "Import 1 customer?" });
    await expect(question).toContainText("1 customer will be added. 3 rows are left out.");
    await question.getByRole("button", { name: "Cancel" }).click();
    expect((await nimbus.call("GET", "/api/Client?search=ashdown")).record_count).toBe(0);
    await start(page, "Import 1 customer");
    await expect(main).toContainText("1 of 4 rows is imported.");
    await picture(page, "import-done", { fullPage: true });
    const { clients } = await nimbus.call("GET", "/api/Client?search=ashdown");
    expect(clients).toHaveLength(1);
    expect(clients[0]).toMatchObject({ name: "Ashdown Vets", website: "https://ashdown.example", customfields: [{ name: "CFRegion", value: "South" }] });
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download the rows left out" }).click();
    const sheet = await readFile(await (await downloading).path(), "utf8");
    // It has the separator of the sheet that it comes from.
    const [head, nameless, twice, maybe] = sheet.trim().split("\n");
    expect(head).toBe("Company;Homepage;CFRegion;Inactive;Left out because");
    expect(nameless).toBe(";https://nameless.example;;;A Name must be entered for this Customer");
    expect(twice).toMatch(/^Norwood Timber Ltd;;;;Norwood Timber Ltd \(number \d+\) has the same name$/);
    expect(maybe).toBe("Barley & Sons;;North;maybe;Inactive must be yes or no");
  });

  await test.step("users find their site by its name and their customer's", async () => {
    await page.goto("/desk/users/import");
    await page.getByLabel("Or paste the rows").fill("First name,Last name,Company,Site,E-mail\nIda,Frost,Ashdown Vets,Main,ida@ashdown.example\nNo,Body,Ashdown Vets,Attic,\n");
    await page.getByRole("button", { name: "Use the pasted rows" }).click();
    await expect(main).toContainText("1 of 2 rows can be imported.");
    await expect(left).toContainText("There is no site Attic of this customer");
    await start(page, "Import 1 user");
    await expect(main).toContainText("1 of 2 rows is imported.");
    await page.getByRole("link", { name: "Show the list" }).click();
    await expect(page.getByRole("link", { name: "Ida Frost" })).toBeVisible();
  });
});

test("a sheet from Excel is read in its own letters, and a picture is none", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  const choose = async (name, buffer) => {
    const choosing = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Choose a file" }).click();
    await (await choosing).setFiles({ name, mimeType: "text/csv", buffer });
  };
  await page.goto("/desk/customers/import");
  await choose("logo.csv", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]));
  await expect(main).toContainText("logo.csv is no sheet of text");
  await choose("kunden.csv", Buffer.from("id;name\r\n;M\xfcller & S\xf6hne\r\n999999;Nobody\r\n;Gr\xfcn \x80\r\n", "latin1"));
  await expect(main).toContainText("2 customers will be added. 1 row is left out.");
  await start(page, "Import 2 customers");
  await expect(main).toContainText("2 of 3 rows are imported.");
  await expect(page.getByRole("table", { name: "Rows left out" })).toContainText("999999");
  const { clients } = await nimbus.call("GET", `/api/Client?search=${encodeURIComponent("müller")}`);
  expect(clients).toMatchObject([{ name: "Müller & Söhne" }]);
  expect((await nimbus.call("GET", `/api/Client?search=${encodeURIComponent("grün €")}`)).clients).toHaveLength(1);
});

test("an import that was cut off goes on without sending twice", async ({ page, nimbus }) => {
  const rows = Array.from({ length: 250 }, (_, at) => `Batch site ${at},Norwood Timber Ltd`);
  const sizes = [];
  let lost = true;
  await page.route("**/api/Site", async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    sizes.push(route.request().postDataJSON().length);
    // The second batch is taken, but nobody hears of it.
    if (sizes.length === 2 && lost) {
      lost = false;
      await route.fetch();
      return route.fulfill({ status: 503, json: "Try again later" });
    }
    return route.fallback();
  });
  await page.goto("/desk/sites/import");
  await page.getByLabel("Or paste the rows").fill(`name,customer\n${rows.join("\n")}\n`);
  await page.getByRole("button", { name: "Use the pasted rows" }).click();
  await start(page, "Import 250 sites");
  await expect(page.getByRole("alert")).toContainText("The import stopped.");
  await picture(page, "import-stopped", { fullPage: true });
  await page.getByRole("button", { name: "Go on with 150 sites" }).click();
  await expect(page.getByRole("main")).toContainText("250 of 250 rows are imported.");
  expect(sizes).toEqual([100, 100, 100, 50]);
  const { record_count: count } = await nimbus.call("GET", "/api/Site?search=Batch");
  expect(count).toBe(250);
});

test("duplicates are told and chosen, and an import can be taken back", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  const emails = async () => {
    const { users } = await nimbus.call("GET", "/api/Users?search=Twin&order=id");
    return users.map((user) => user.emailaddress);
  };
  const { sites } = await nimbus.call("GET", "/api/Site?count=1");
  const site = sites[0].id;
  const [first] = [await nimbus.call("POST", "/api/Users", [{ name: "Twin Zero", site_id: site, emailaddress: "zero@twin.example" }])];
  await page.goto("/desk/users/import");
  await paste(page, [
    "Name,Site,E-mail,Inactive",
    `Twin One,${site},one@twin.example,nein`,
    `Twin Other,${site},ZERO@twin.example,`,
    `Twin One,${site},,ja`,
    `Twin Three,${site},three@twin.example,,beyond`,
  ]);
  const alike = page.getByRole("table", { name: "Duplicates" });
  await expect(alike.getByRole("row", { name: /^3 / })).toContainText(`Twin Zero (number ${first.id}) has the same email address`);
  await expect(alike.getByRole("row", { name: /^4 / })).toContainText("Line 2 has the same name and site");
  await expect(page.getByRole("table", { name: "Rows left out" }).getByRole("row", { name: /^5 / })).toContainText("1 cell more than the sheet has columns");
  await expect(main).toContainText("1 user will be added. 3 rows are left out.");
  await alike.getByLabel("Add line 3 anyway").check();
  await expect(main).toContainText("2 users will be added. 2 rows are left out.");
  await expectAccessible(page);
  await picture(page, "import-duplicates", { fullPage: true });
  await page.setViewportSize({ width: 390, height: 800 });
  await expectToFit(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await start(page, "Import 2 users");
  await expect(main).toContainText("2 of 4 rows are imported.");
  expect(await emails()).toEqual(["zero@twin.example", "one@twin.example", "ZERO@twin.example"]);
  await page.getByText("Added: 2 users").click();
  await expect(main.getByRole("link", { name: "Twin Other" })).toBeVisible();
  await picture(page, "import-added", { fullPage: true });

  await page.getByRole("button", { name: "Undo this import" }).click();
  await page.getByRole("dialog", { name: "Undo this import?" }).getByRole("button", { name: "Delete 2 users" }).click();
  await expect(main).toContainText("2 of 4 rows can be imported.");
  expect(await emails()).toEqual(["zero@twin.example"]);
});

test("rows with a number change their records, and a quote without an end is told", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  const made = await nimbus.call("POST", "/api/Client", [{ name: "Number One" }, { name: "Number Two", notes: "kept" }]);
  const [one, two] = made.map((client) => client.id);
  await page.goto("/desk/customers/import");
  await paste(page, ["id,name,notes", `${one},Number One,"open`, `${two},x,`]);
  await expect(main).toContainText("The quote that begins on line 2 has no end");
  await paste(page, ["id,name,notes", `${one},Number One,'=new`, `${two},Number Two,kept`, "999999,Nobody,", ",Number Three,"]);
  await expect(main).toContainText("1 customer will be added. 1 customer will be changed. 1 row would change nothing. 1 row is left out.");
  await start(page, "Import 2 customers");
  await expect(main).toContainText("1 customer added, 1 changed.");
  expect((await nimbus.call("GET", `/api/Client/${one}`)).notes).toBe("=new");

  // On its way out a formula gets its apostrophe again, and custom fields are columns.
  await nimbus.call("POST", "/api/Client", [{ id: one, customfields: [{ name: "CFTier", value: "Gold" }] }]);
  await page.goto("/desk/customers?search=number");
  await page.getByRole("button", { name: "More", exact: true }).click();
  const downloading = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Export as CSV" }).click();
  const sheet = await readFile(await (await downloading).path(), "utf8");
  const [head, ...rows] = sheet.replace("\ufeff", "").trim().split("\n");
  expect(head.split(",")).toContain("CFTier");
  expect(rows.find((row) => row.startsWith(`${one},`))).toContain(",'=new,");
  expect(rows.find((row) => row.startsWith(`${one},`))).toMatch(/,Gold$/);
});

test("an import is stopped half way, and what was taken is told", async ({ page, nimbus }) => {
  const rows = Array.from({ length: 110 }, (_, at) => `Stopped site ${at},Norwood Timber Ltd`);
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/api/Site", async (route) => {
    if (route.request().method() === "POST") await held;
    return route.fallback();
  });
  await page.goto("/desk/sites/import");
  await paste(page, ["name,customer", ...rows]);
  await start(page, "Import 110 sites");
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  release();
  await expect(page.getByRole("main")).toContainText("100 of 110 rows are imported.");
  expect((await nimbus.call("GET", "/api/Site?search=Stopped&count=0")).record_count).toBe(100);
  await page.getByRole("button", { name: "Go on with 10 sites" }).click();
  await expect(page.getByRole("main")).toContainText("110 of 110 rows are imported.");
  await page.getByRole("button", { name: "Undo this import" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete 110 sites" }).click();
  await expect(page.getByRole("main")).toContainText("110 of 110 rows can be imported.", { timeout: 30_000 });
  expect((await nimbus.call("GET", "/api/Site?search=Stopped&count=0")).record_count).toBe(0);
});

test("a custom table hands out its rows", async ({ page, nimbus }) => {
  const [table] = [await nimbus.call("POST", "/api/CustomTable", [{
    name: "Prices", columns: [{ name: "CFitem", label: "Item" }],
    add_customfields: [{ customfields: [{ name: "CFitem", value: "=Desk" }] }, { customfields: [{ name: "CFitem", value: "Chair" }] }],
  }])];
  const rows = async (press) => {
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: press }).click();
    return (await readFile(await (await downloading).path(), "utf8")).replace("\ufeff", "").trim().split("\n");
  };
  await page.goto(`/desk/tables/${table.id}`);
  expect(await rows("Export rows as CSV")).toEqual(["Table number,Table,Row,Item", `${table.id},Prices,1,'=Desk`, `${table.id},Prices,2,Chair`]);
  await page.goto("/desk/tables?search=prices");
  expect(await rows("Export as CSV")).toContain(`${table.id},Prices,2,Chair`);
});

test("what a form would refuse is refused row by row, and an import is taken back later", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  const left = page.getByRole("table", { name: "Rows left out" });
  await page.goto("/desk/customers/import");
  await paste(page, [
    "Customer name,Website,Colour,Depot",
    "Kept Ltd,https://kept.example,,North",
    "Wrong Ltd,alpha,red,",
    ",,,North",
  ]);
  await expect(left.getByRole("row", { name: /^3 .*A website looks like/ })).toBeVisible();
  await expect(left.getByRole("row", { name: /^3 .*A colour looks like/ })).toBeVisible();
  await expect(left.getByRole("row", { name: /^4 /})).toContainText("A Name must be entered for this Customer");
  await page.getByLabel("What Depot becomes").selectOption({ label: "New custom field CFDepot" });
  await start(page, "Import 1 customer");
  await expect(main).toContainText("1 of 3 rows is imported.");
  await expect(page.getByRole("heading", { name: "Import", exact: true, level: 2 })).toBeFocused();
  const [kept] = (await nimbus.call("GET", "/api/Client?search=Kept%20Ltd")).clients;
  expect(kept.customfields).toMatchObject([{ name: "CFDepot", value: "North" }]);

  await test.step("from the list it is still possible, unless somebody works with it", async () => {
    await nimbus.call("POST", "/api/Site", [{ name: "Kept yard", client_id: kept.id }]);
    const { sites } = await nimbus.call("GET", `/api/Site?client_id=${kept.id}`);
    const [{ id: ticket }] = [await nimbus.call("POST", "/api/Tickets", [{ summary: "Gate", tickettype_id: 1, client_id: kept.id, site_id: sites[0].id }])];
    await page.getByRole("link", { name: "Show the list" }).click();
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Import from CSV" }).click();
    await expect(main).toContainText("The last import added 1 customer.");
    const undo = async () => {
      await page.getByRole("button", { name: "Undo this import" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete 1 customer" }).click();
    };
    await undo();
    await expect(main).toContainText("Kept Ltd is not deleted: 1 ticket still belongs to it. Delete that ticket first, or set Kept Ltd to inactive.");
    await expect(page.getByRole("heading", { name: "Last import" })).toBeFocused();
    await expectAccessible(page);
    await picture(page, "import-last");
    await nimbus.call("DELETE", `/api/Tickets/${ticket}`);
    await undo();
    await expect(page.getByRole("button", { name: "Undo this import" })).toBeHidden();
    await expect.poll(async () => (await nimbus.call("GET", "/api/Client?search=Kept%20Ltd&count=0")).record_count).toBe(0);
  });
});

test("assets come in with their status, their users and what their type has", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  const [remote] = [await nimbus.call("POST", "/api/Lookup", [{ lookupid: 77, name: "Far away" }])];
  const { users } = await nimbus.call("GET", "/api/Users?client_id=3&count=1");
  await page.goto("/desk/assets/import");
  await paste(page, ["Asset tag,Type,Customer,Status,Users,Operating system", `IMP-1,Workstation,Norwood Timber Ltd,far away,${users[0].name},Windows 11`]);
  await expect(page.getByLabel("What Operating system becomes")).toHaveValue("fields.Operating system");
  await expect(page.getByLabel("What Status becomes")).toHaveValue("status_id");
  await start(page, "Import 1 asset");
  await expect(main).toContainText("1 of 1 row is imported.");
  const [asset] = (await nimbus.call("GET", "/api/Asset?search=IMP-1")).assets;
  const whole = await nimbus.call("GET", `/api/Asset/${asset.id}`);
  expect(whole.status_id).toBe(remote.id);
  expect(whole.users.map(({ id }) => id)).toEqual([users[0].id]);
  expect(whole.fields.find(({ name }) => name === "Operating system")?.value).toBe("Windows 11");

  await page.goto("/desk/assets?search=IMP-1");
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Export as CSV" }).click();
  const sheet = await readFile(await (await downloading).path(), "utf8");
  const [head, row] = sheet.replace("\ufeff", "").trim().split("\n").map((line) => line.split(","));
  expect(row[head.indexOf("status_name")]).toBe("Far away");
  expect(row[head.indexOf("users")]).toBe(String(users[0].id));
});

test("many pasted rows do not push the rest out of sight", async ({ page }) => {
  const rows = Array.from({ length: 500 }, (_, at) => `Long site ${at},Norwood Timber Ltd`);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto("/desk/sites/import");
  await page.getByLabel("Or paste the rows").fill(`name,customer\n${rows.join("\n")}\n`);
  const button = await page.getByRole("button", { name: "Use the pasted rows" }).boundingBox();
  expect(button.y).toBeLessThan(1200);
});
