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
    await expect(main).toContainText("2 of 4 rows can be imported.");
    await expect(left.getByRole("row")).toHaveCount(3);
    await expect(left).toContainText("A Name must be entered for this Customer");
    await expect(left).toContainText("Inactive must be true or false");
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

  await test.step("what the desk refuses is told as well, and the rest is taken", async () => {
    await page.getByRole("button", { name: "Import 2 customers" }).click();
    await expect(main).toContainText("1 of 4 rows are imported.");
    await expect(left.getByRole("row", { name: /^4 / })).toContainText("Name must be unique");
    await picture(page, "import-done", { fullPage: true });
    const { clients } = await nimbus.call("GET", "/api/Client?search=ashdown");
    expect(clients).toHaveLength(1);
    expect(clients[0]).toMatchObject({ name: "Ashdown Vets", website: "https://ashdown.example", customfields: [{ name: "CFRegion", value: "South" }] });
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download the rows left out" }).click();
    const sheet = await readFile(await (await downloading).path(), "utf8");
    expect(sheet.trim().split("\n")).toEqual([
      "Company,Homepage,CFRegion,Inactive,Left out because",
      ",https://nameless.example,,,A Name must be entered for this Customer",
      "Norwood Timber Ltd,,,,Name must be unique",
      "Barley & Sons,,North,maybe,Inactive must be true or false",
    ]);
  });

  await test.step("users find their site by its name and their customer's", async () => {
    await page.goto("/desk/users/import");
    await page.getByLabel("Or paste the rows").fill("First name,Last name,Company,Site,E-mail\nIda,Frost,Ashdown Vets,Main,ida@ashdown.example\nNo,Body,Ashdown Vets,Attic,\n");
    await page.getByRole("button", { name: "Use the pasted rows" }).click();
    await expect(main).toContainText("1 of 2 rows can be imported.");
    await expect(left).toContainText("There is no site Attic of this customer");
    await page.getByRole("button", { name: "Import 1 user" }).click();
    await expect(main).toContainText("1 of 2 rows are imported.");
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
  await page.getByRole("button", { name: "Import 3 customers" }).click();
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
  await page.getByRole("button", { name: "Import 250 sites" }).click();
  await expect(page.getByRole("alert")).toContainText("The import stopped.");
  await picture(page, "import-stopped", { fullPage: true });
  await page.getByRole("button", { name: "Go on with 150 sites" }).click();
  await expect(page.getByRole("main")).toContainText("250 of 250 rows are imported.");
  expect(sizes).toEqual([100, 100, 100, 50]);
  const { record_count: count } = await nimbus.call("GET", "/api/Site?search=Batch");
  expect(count).toBe(250);
});
