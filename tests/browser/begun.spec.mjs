// A runbook, an integration, a method and a workflow are there as soon as their page opens. One that is left as it was begun
// leaves nothing behind; whatever somebody did to it keeps it.
import { expect, nameIt, saved, signIn, test } from "./fixtures.mjs";

test.use({
  workspace: "begun",
  startOptions: ["--allow", "local", "--empty"],
  // The answer to taking back what somebody else has saved meanwhile.
  expectedStatuses: [412],
});

const KINDS = [
  { kind: "runbook", list: "Runbooks", address: "/runbooks", collection: "/console/runbooks" },
  { kind: "integration", list: "Integrations", address: "/integrations", collection: "/console/integrations" },
  { kind: "workflow", list: "Workflows", address: "/settings/workflows", collection: "/console/workflows" },
];

const KEPT = {
  runbook: { name: "Kept", steps: [] },
  integration: { name: "Kept", base_url: "https://kept.example", auth: { type: "none" } },
  workflow: { name: "Kept", steps: [] },
};

const row = (page, list, name) => page.getByRole("table", { name: list }).locator("tbody").getByRole("row").filter({ hasText: name });
const crumb = (page, name) => page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name, exact: true });
const names = async (nimbus, collection) => (await nimbus.call("GET", collection)).items.map(({ name }) => name);

/** Presses the button that makes one, and waits for its page. */
async function begin(page, kind) {
  await page.getByRole("button", { name: `New ${kind}` }).first().click();
  await expect(page.getByRole("heading", { name: `New ${kind}`, level: 1 })).toBeAttached();
}

/** Has requests to addresses that end so wait until the function that is given is called; it gives the status of the answer. */
async function held(page, method, end) {
  const fits = (url) => new URL(url).pathname.endsWith(end);
  let release;
  const gate = new Promise((resolve) => (release = resolve));
  await page.route(fits, async (route) => {
    if (route.request().method() === method) await gate;
    await route.continue();
  });
  return async () => {
    const answer = page.waitForResponse((response) => response.request().method() === method && fits(response.url()));
    release();
    const status = (await answer).status();
    await page.unroute(fits);
    return status;
  };
}

test.beforeEach(({ page, nimbus }) => signIn(page, nimbus));

test("what is left as it was begun is in no list, by whatever way it is left", async ({ page, nimbus }) => {
  for (const { kind, list, address, collection } of KINDS) {
    await nimbus.call("POST", collection, KEPT[kind]);
    await page.goto(address);
    for (const [way, leave] of [
      ["a link", () => crumb(page, list).click()],
      ["Back", () => page.goBack()],
    ]) {
      await test.step(`a ${kind}, by ${way}`, async () => {
        await begin(page, kind);
        expect(await names(nimbus, collection)).toEqual(["Kept", `New ${kind}`]);
        const release = await held(page, "POST", "/take-back");
        await leave();
        await expect(page).toHaveURL(address);
        await expect(row(page, list, "Kept")).toBeVisible();
        await expect(row(page, list, `New ${kind}`)).toHaveCount(0);
        expect(await release()).toBe(204);
        expect(await names(nimbus, collection)).toEqual(["Kept"]);
        await expect(row(page, list, "Kept")).toBeVisible();
        await expect(row(page, list, `New ${kind}`)).toHaveCount(0);
      });
    }
  }
  expect((await nimbus.call("GET", "/console/deleted")).items).toEqual([]);
});

test("what was saved stays, and what was typed and discarded does not keep it", async ({ page, nimbus }) => {
  const before = await names(nimbus, "/console/runbooks");
  await page.goto("/runbooks");
  await begin(page, "runbook");
  await nameIt(page, "Wanted");
  await page.keyboard.press("Control+s");
  await saved(page);
  await crumb(page, "Runbooks").click();
  await expect(row(page, "Runbooks", "Wanted")).toBeVisible();

  await begin(page, "runbook");
  await nameIt(page, "Not wanted");
  await crumb(page, "Runbooks").click();
  const taken = page.waitForResponse("**/take-back");
  await page.getByRole("dialog", { name: "Discard your changes?" }).getByRole("button", { name: "Discard" }).click();
  expect((await taken).status()).toBe(204);
  await expect(row(page, "Runbooks", "Wanted")).toBeVisible();
  await expect(row(page, "Runbooks", "New runbook")).toHaveCount(0);
  expect(await names(nimbus, "/console/runbooks")).toEqual([...before, "Wanted"]);
});

test("what somebody else has saved meanwhile stays", async ({ page, nimbus }) => {
  await page.goto("/runbooks");
  await begin(page, "runbook");
  const id = new URL(page.url()).pathname.split("/").at(-1);
  await nimbus.call("PUT", `/console/runbooks/${id}`, { name: "Of somebody else", enabled: true, steps: [] }, { "if-match": "1" });
  const taken = page.waitForResponse("**/take-back");
  await crumb(page, "Runbooks").click();
  expect((await taken).status()).toBe(412);
  await expect(row(page, "Runbooks", "Of somebody else")).toBeVisible();
});

test("what was begun and is deleted by hand can be brought back", async ({ page, nimbus }) => {
  await page.goto("/runbooks");
  await begin(page, "runbook");
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete runbook" }).click();
  await page.getByRole("dialog", { name: "Delete New runbook?" }).getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL("/runbooks");
  await page.getByRole("region", { name: "News" }).getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("heading", { name: "New runbook", level: 1 })).toBeAttached();
  await crumb(page, "Runbooks").click();
  await expect(row(page, "Runbooks", "New runbook")).toBeVisible();
  expect(await names(nimbus, "/console/runbooks")).toContain("New runbook");
});

test("a method that is left as it was begun goes, and with it an integration that holds nothing else", async ({ page, nimbus }) => {
  const methods = async (id) => names(nimbus, `/console/integrations/${id}/methods`);
  const before = await names(nimbus, "/console/integrations");

  await test.step("a method of an integration that is there", async () => {
    const { id } = await nimbus.call("POST", "/console/integrations", { ...KEPT.integration, name: "Warehouse" });
    await page.goto(`/integrations/${id}?tab=methods`);
    await begin(page, "method");
    expect(await methods(id)).toEqual(["New method"]);
    await page.goBack();
    await expect(page.getByRole("main")).toContainText("No methods yet");
    await expect.poll(() => methods(id)).toEqual([]);
  });

  await test.step("one of an integration that was begun for it", async () => {
    await page.goto("/integrations");
    await begin(page, "integration");
    await page.getByRole("tab", { name: /Methods/ }).click();
    await begin(page, "method");
    expect(await names(nimbus, "/console/integrations")).toEqual([...before, "Warehouse", "New integration"]);
    await crumb(page, "Integrations").click();
    await expect(row(page, "Integrations", "Warehouse")).toBeVisible();
    await expect(row(page, "Integrations", "New integration")).toHaveCount(0);
    await expect.poll(() => names(nimbus, "/console/integrations")).toEqual([...before, "Warehouse"]);
  });

  await test.step("a method that is saved keeps both", async () => {
    await begin(page, "integration");
    await page.getByRole("tab", { name: /Methods/ }).click();
    await begin(page, "method");
    await nameIt(page, "Count the stock");
    await page.keyboard.press("Control+s");
    await saved(page);
    await crumb(page, "New integration").click();
    await page.getByRole("tab", { name: /Methods/ }).click();
    await expect(row(page, "Methods", "Count the stock")).toBeVisible();
    await crumb(page, "Integrations").click();
    await expect(row(page, "Integrations", "New integration")).toBeVisible();
    expect(await names(nimbus, "/console/integrations")).toEqual([...before, "Warehouse", "New integration"]);
  });
  expect(await names(nimbus, "/console/deleted")).not.toContain("New method");
});

test("whoever leaves the list while one is begun is not led to it, and it is taken back", async ({ page, nimbus }) => {
  const before = await names(nimbus, "/console/runbooks");
  await page.goto("/runbooks");
  const release = await held(page, "POST", "/console/runbooks");
  await page.getByRole("button", { name: "New runbook" }).first().click();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  const taken = page.waitForResponse("**/take-back");
  expect(await release()).toBe(201);
  expect((await taken).status()).toBe(204);
  await expect(page).toHaveURL("/settings");
  expect(await names(nimbus, "/console/runbooks")).toEqual(before);
});
