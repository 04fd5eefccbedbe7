// A second one, built in the browser from nothing by somebody who reads no code: an integration with an API key,
// methods with output variables, a runbook that decides, and a public address with a password.
import { choose, expect, nameIt, picture, saved, signIn, test } from "./fixtures.mjs";

test.use({
  workspace: "from-nothing",
  startOptions: ["--allow", "local", "--empty"],
  // The answer to publishing what is not ready.
  expectedStatuses: [422],
});

const PASSWORD = "correct horse battery staple";

test("stock that runs out is ordered", async ({ page, nimbus, stub }) => {
  const stock = { "AB-1": 7, "AB-2": 0 };
  stub.on("GET", "/v2/items", ({ query }) => ({ body: { items: [{ sku: query.sku, stock: stock[query.sku], site: { name: "Leeds" } }] } }));
  stub.on("POST", "/v2/orders", ({ body }) => ({ status: 201, body: { order: { number: "PO-77", lines: JSON.parse(body).lines } } }));

  const main = page.getByRole("main");
  const places = page.getByRole("navigation", { name: "Main" });
  await signIn(page, nimbus);
  await expect(main).toContainText("No tickets yet");

  await test.step("an integration with an API key", async () => {
    await places.getByRole("link", { name: "Integrations" }).click();
    await expect(main).toContainText("No integrations yet");
    await picture(page, "story-no-integrations");
    await page.getByRole("button", { name: "New integration" }).last().click();
    await nameIt(page, "Warehouse");
    await page.getByLabel("Base URL").fill(`${stub.url}/v2`);
    await page.getByLabel("Authorization").selectOption("API key");
    const meaning = page.getByRole("complementary", { name: "What it means" });
    await expect(meaning).toContainText("The key is missing.");
    await page.getByLabel("Key", { exact: true }).fill("wh-4711-secret");
    await page.getByRole("textbox", { name: "Name", exact: true }).last().fill("X-Warehouse-Key");
    await expect(meaning).toContainText("X-Warehouse-Key: ••••••");
    await expect(meaning).not.toContainText("missing");
    await page.keyboard.press("Control+s");
    await saved(page);
  });

  await test.step("a method that asks, with a query and an output variable clicked together", async () => {
    await page.getByRole("tab", { name: /Methods/ }).click();
    await expect(main).toContainText("No methods yet");
    await page.getByRole("button", { name: "New method" }).click();
    await nameIt(page, "Find the item");
    await page.getByLabel("Endpoint").fill("/items");
    await page.getByRole("button", { name: "Add parameter" }).click();
    await page.keyboard.type("sku");
    await page.keyboard.press("Tab");
    await page.keyboard.type("<<Sku>>");
    await page.getByLabel("Sku", { exact: true }).fill("AB-1");
    await page.keyboard.press("Control+Enter");
    const result = page.getByRole("region", { name: "Result" });
    await expect(result).toContainText("200 OK");
    await result.getByText('"stock"').click();
    await result.getByRole("button", { name: "Make output variable" }).click();
    const outputs = page.getByRole("group", { name: "Output variables" });
    await page.getByLabel("Name of output variable 1").fill("Stock");
    await page.getByLabel("Path of output variable 1").fill("response^items[sku=AB-9]^stock");
    await expect(outputs).toContainText(`Nothing in response^items passes [sku=AB-9]; sku is "AB-1".`);
    await page.getByLabel("Path of output variable 1").fill("response^items[site^name=Leeds]^stock");
    await expect(outputs.getByText("7", { exact: true })).toBeVisible();
    await page.keyboard.press("Control+s");
    await saved(page);
  });

  await test.step("a method that orders", async () => {
    await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "Warehouse" }).click();
    await page.getByRole("tab", { name: /Methods/ }).click();
    await page.getByRole("button", { name: "New method" }).click();
    await nameIt(page, "Order");
    await page.getByLabel("HTTP method").selectOption("POST");
    await page.getByLabel("Endpoint").fill("/orders");
    await page.getByRole("tab", { name: "Body" }).click();
    await choose(page, "Kind of body", "JSON");
    await page.getByLabel("JSON body", { exact: true }).fill('{"lines": [{"sku": <<Sku>>, "count": <<Count>>}]}');
    await page.getByRole("tab", { name: /Output variables/ }).click();
    await page.getByRole("button", { name: "Add output variable" }).click();
    await page.getByLabel("Name of output variable 1").fill("Order number");
    await page.getByLabel("Path of output variable 1").fill("response^order^number!");
    await page.keyboard.press("Control+s");
    await saved(page);
  });

  const chart = page.getByRole("region", { name: "Flow chart" });
  const palette = page.getByRole("dialog", { name: "Add a step" });
  const add = async (words, name) => {
    await palette.getByLabel("Search what to add").fill(words);
    await palette.getByRole("button", { name }).click();
    await expect(palette).toBeHidden();
  };
  const addBehind = async (step, way, words, name) => {
    await page.getByRole("button", { name: "Show all" }).click();
    const card = chart.locator(".step-card").filter({ hasText: step });
    await card.getByRole("button", { name: `Way out: ${way}` }).click();
    await page.getByRole("menuitem", { name: "Add a step here" }).click();
    await add(words, name);
  };

  await test.step("a runbook that finds out, decides and orders", async () => {
    await places.getByRole("link", { name: "Runbooks" }).click();
    await page.getByRole("button", { name: "New runbook" }).last().click();
    await page.getByLabel("Name", { exact: true }).fill("Keep the stock up");
    await chart.getByRole("button", { name: "Add the first step" }).click();
    await add("find", /Find the item/);
    await addBehind("Find the item", "success", "condition", /Condition/);
    await page.getByLabel("Name", { exact: true }).last().fill("Is it running out?");
    await page.getByRole("button", { name: "Add a row" }).click();
    await page.getByLabel("Value", { exact: true }).fill("<<Stock>>");
    await page.getByLabel("Operator").selectOption("is less than");
    await page.getByLabel("Compared with").fill("<<Least>>");
    await addBehind("Is it running out?", "met", "order", /Order/);
    await addBehind("Order", "success", "end", /End: success/);
    await addBehind("Is it running out?", "not met", "end", /End: success/);
    await page.getByLabel("Name", { exact: true }).last().fill("Enough there");
    await addBehind("Find the item", "failure", "end", /End: failed$/);
    await chart.getByRole("button", { name: /^Order/ }).click();
    await page.getByLabel("Failure leads to").selectOption("Failed");
    await page.getByRole("button", { name: "Tidy up" }).click();
    await expect(chart.locator("[data-step]")).toHaveCount(6);
    await picture(page, "story-chart-from-nothing");
  });

  await test.step("what is missing is said on its step, and leads there", async () => {
    await page.getByRole("button", { name: "Publish" }).click();
    const problems = page.locator("details.problems");
    await expect(problems).toContainText("problems to solve before publishing");
    await expect(problems).toContainText("Sku");
    await expect(chart.locator(".step-card").filter({ hasText: "Find the item" }).locator(".step-card-problem")).toBeVisible();
    await picture(page, "story-problems");
    await expect(main.getByText("Draft", { exact: true })).toBeVisible();
  });

  await test.step("input variables, and a public address with a password", async () => {
    await page.getByRole("tab", { name: "Details" }).click();
    await choose(page, "Who may start it", "From the desk and a public address");
    await expect(main).toContainText("Whoever knows the address can start this runbook.");
    await page.getByLabel("Authentication").selectOption("Basic (user name and password)");
    await page.getByLabel("User name").fill("warehouse");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await choose(page, "The caller is answered", "When the run has finished");
    await page.getByLabel("Variables in the answer").fill("Stock, Order number");

    const inputs = page.locator(".input-row");
    for (const [at, [name, type, path]] of [
      ["Sku", "string", "request^item^sku"],
      ["Least", "integer", "request^least"],
      ["Count", "integer", "request^count"],
    ].entries()) {
      await page.getByRole("button", { name: "Add an input variable" }).click();
      const row = inputs.nth(at);
      await row.getByLabel("Name").fill(name);
      await row.getByLabel("Type").selectOption(type);
      await row.getByLabel("From the public request").fill(path);
    }
    await expect(inputs).toHaveCount(3);
    await picture(page, "story-details-from-nothing");
    await page.getByRole("button", { name: "Publish" }).click();
    await expect(main).toContainText("Published, version 1");
    // From the desk it could not be started as it is, which is nothing that keeps it from being published.
    await expect(page.locator("details.problems summary")).toContainText("1 thing to know");
  });

  const { items } = await nimbus.call("GET", "/console/runbooks");
  const post = async (body, login = `warehouse:${PASSWORD}`) => {
    const response = await fetch(`${nimbus.url}/api/automation/${items[0].id}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Basic ${btoa(login)}` },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };

  await test.step("from outside it goes both ways", async () => {
    expect((await post({}, "warehouse:guess")).status).toBe(401);
    expect(await post({ item: { sku: "AB-1" }, least: "five", count: 3 })).toMatchObject({ status: 400 });
    expect(await post({ item: { sku: "AB-1" }, least: 5, count: 3 })).toMatchObject({
      status: 200,
      body: { status: "succeeded", outputs: { Stock: 7 } },
    });
    expect(await post({ item: { sku: "AB-2" }, least: 5, count: 3 })).toMatchObject({
      status: 200,
      body: { status: "succeeded", outputs: { Stock: 0, "Order number": "PO-77" } },
    });
  });

  await test.step("the runs say why each went which way", async () => {
    await page.getByRole("tab", { name: "Runs" }).click();
    const rows = page.getByRole("row", { name: /Public address/ });
    await expect(rows).toHaveCount(2);
    await rows.first().getByRole("link").click();
    const steps = page.getByRole("region", { name: "Steps of this run" });
    await expect(steps.getByRole("link")).toHaveText([/Find the item/, /Is it running out/, /Order/, /Finished/]);
    await steps.getByRole("link", { name: /Is it running out/ }).click();
    await expect(main).toContainText("Went on by the way “met”.");
    await picture(page, "story-run-decided");
    await page.goBack();
    await page.goBack();
    await rows.last().getByRole("link").click();
    await expect(steps.getByRole("link")).toHaveText([/Find the item/, /Is it running out/, /Enough there/]);
  });

  const orders = stub.requests.filter(({ path }) => path === "/v2/orders");
  expect(orders.map(({ body }) => JSON.parse(body))).toEqual([{ lines: [{ sku: "AB-2", count: 3 }] }]);
  expect(stub.requests.every(({ headers }) => headers["x-warehouse-key"] === "wh-4711-secret")).toBe(true);
});
