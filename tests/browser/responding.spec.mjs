// A caller is answered while the run goes on, and elements have their turns side by side: both built in the browser.
import { expect, expectAccessible, picture, signIn, test } from "./fixtures.mjs";

test.use({ workspace: "responding", startOptions: ["--allow", "local", "--empty"] });

const FORMAT = "nimbus.bundle/1";

/** The parts of the flow chart's page that both stories use. */
function flow(page) {
  const chart = page.getByRole("region", { name: "Flow chart" });
  const palette = page.getByRole("dialog", { name: "Add a step" });
  const card = (name) => chart.locator(".step-card").filter({ has: page.getByText(name, { exact: true }) });
  const add = async (from, way, words, name) => {
    await page.getByRole("button", { name: "Show all" }).click();
    await card(from).getByRole("button", { name: `Way out: ${way}` }).click();
    await page.getByRole("menuitem", { name: "Add a step here" }).click();
    await palette.getByLabel("Search what to add").fill(words);
    await palette.getByRole("button", { name }).click();
    await expect(palette).toBeHidden();
  };
  return { chart, palette, card, add };
}

async function newRunbook(page, name, first) {
  const { chart, palette } = flow(page);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Runbooks" }).click();
  await page.getByRole("button", { name: "New runbook" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await chart.getByRole("button", { name: "Add the first step" }).click();
  await palette.getByLabel("Search what to add").fill(first);
  await page.keyboard.press("Enter");
  await expect(palette).toBeHidden();
}

test.beforeEach(({ page, nimbus }) => signIn(page, nimbus));

test("a caller is answered early, with words of one's own", async ({ page, nimbus, stub }) => {
  const main = page.getByRole("main");
  const { card, add } = flow(page);
  await nimbus.call("POST", "/console/import", {
    format: FORMAT,
    integrations: [
      {
        id: "mill",
        name: "Mill",
        base_url: stub.url,
        auth: { type: "none" },
        methods: [{ id: "grind", name: "Grind it all", http_method: "PUT", path: "/grind" }],
      },
    ],
  });
  const grind = stub.hold("PUT", "/grind", () => ({ body: {} }));

  await test.step("the answer is composed", async () => {
    await newRunbook(page, "Take an order", "respond");
    // Nobody waits for it yet, which is said.
    await expect(main).toContainText("no caller waits for an answer");
    await page.getByLabel("Status").fill("201");
    await page.getByRole("button", { name: "Add header" }).click();
    await page.keyboard.type("Set-Cookie");
    await page.keyboard.press("Tab");
    await page.keyboard.type("a=b");
    await expect(main).toContainText("must not carry the header set-cookie");
    const name = page.getByLabel("Name of row 1");
    await name.fill("Location");
    await page.getByLabel("Value of row 1").fill("/orders/<<Order>>");
    await page.getByRole("textbox", { name: "Body" }).fill('{"order": <<Order>');
    await expect(page.getByRole("textbox", { name: "Body" })).toHaveAttribute("aria-invalid", "true");
    await page.getByRole("textbox", { name: "Body" }).fill('{"order": <<Order>>}');
    await expect(card("Respond")).toContainText("Answers with 201");
    await add("Respond", "done", "grind", /Grind it all/);
    await add("Grind it all", "success", "end", /End: success/);
    await page.getByRole("button", { name: "Show all" }).click();
    await card("Grind it all").click();
    await page.getByLabel("Failure leads to").selectOption("Finished");
    await card("Respond").click();
    await picture(page, "responding-panel");
    await expectAccessible(page);
  });

  let id;
  await test.step("somebody waits for it", async () => {
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(main.getByText("Saved", { exact: true })).toBeVisible();
    const { items } = await nimbus.call("GET", "/console/runbooks");
    id = items.find(({ name }) => name === "Take an order").id;
    const runbook = await nimbus.call("GET", `/console/runbooks/${id}`);
    await nimbus.call("POST", "/console/import", {
      format: FORMAT,
      runbooks: [
        {
          id,
          name: runbook.name,
          enabled: true,
          first_step: runbook.first_step,
          steps: runbook.steps,
          start: {
            access: "desk_and_public",
            auth: { type: "none" },
            answer: { when: "finished" },
            inputs: [{ name: "Order", value: "request^order", type: "integer", required: true }],
          },
        },
      ],
    });
  });

  await test.step("and is answered while the run goes on", async () => {
    const response = await fetch(`${nimbus.url}/api/automation/${id}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ order: 4711 }),
    });
    expect(response.status).toBe(201);
    expect(response.headers.get("location")).toBe("/orders/4711");
    expect(response.headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
    expect(await response.json()).toEqual({ order: 4711 });
    const listed = () => nimbus.call("GET", `/console/runs?runbook=${id}`).then(({ items }) => items);
    await expect.poll(async () => (await listed()).length).toBe(1);
    const [{ run_id }] = await listed();
    await page.goto(`/runs/${run_id}`);
    await expect(main).toContainText("Running");
    await page.getByRole("link", { name: /Respond/ }).click();
    await expect(main).toContainText("answered the caller with 201");
    await expect(main).toContainText("Answer to the caller");
    await expect(main).toContainText("4711");
    grind();
    await expect(main).toContainText("Succeeded");
    await picture(page, "responding-run");
    await expectAccessible(page);
  });
});

test("elements have their turns side by side", async ({ page, nimbus, stub }) => {
  const main = page.getByRole("main");
  const { card, add } = flow(page);
  await nimbus.call("POST", "/console/import", {
    format: FORMAT,
    integrations: [
      {
        id: "warehouse",
        name: "Warehouse",
        base_url: stub.url,
        auth: { type: "none" },
        methods: [
          { id: "list", name: "List the items", http_method: "GET", path: "/items", outputs: [{ name: "Items", value: "response^items" }] },
          {
            id: "price",
            name: "Ask for a price",
            http_method: "GET",
            path: "/prices/<<response>>",
            outputs: [{ name: "Prices", value: "response^price", add_to_array: true }],
          },
        ],
      },
    ],
  });
  stub.on("GET", "/items", () => ({ body: { items: [1, 2, 3, 4] } }));
  // The first is answered only after the third has asked: one after the other, that would never be.
  let third;
  const asked = new Promise((resolve) => (third = resolve));
  stub.on("GET", "/prices/1", async () => {
    await asked;
    return { body: { price: 10 } };
  });
  stub.on("GET", "/prices/2", () => ({ body: { price: 20 } }));
  stub.on("GET", "/prices/3", () => {
    third();
    return { body: { price: 30 } };
  });
  stub.on("GET", "/prices/4", () => ({ body: { price: 40 } }));

  await newRunbook(page, "Prices, fast", "list the items");
  await add("List the items", "failure", "end", /End: failed$/);
  await add("List the items", "success", "each", /For each element/);
  await page.getByLabel("Go through").fill("<<Items>>");
  await page.getByLabel("Elements at a time").fill("33");
  await expect(main).toContainText("Type a whole number from 1 to 32.");
  await page.getByLabel("Elements at a time").fill("2");
  await expect(main).toContainText("knows nothing of the others");
  await expect(card("For each element")).toContainText("2 at a time of <<Items>>");
  await picture(page, "side-by-side-panel");
  await expectAccessible(page);
  await add("For each element", "element", "price", /Ask for a price/);
  await page.getByLabel("Failure leads to").selectOption("Failed");
  await add("For each element", "finished", "end", /End: success/);
  await page.getByRole("button", { name: "Show all" }).click();
  await card("For each element").click();
  await page.getByLabel("Empty leads to").selectOption("Finished");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(main).toContainText("Published, version 1");

  const { items } = await nimbus.call("GET", "/console/runbooks");
  const prices = items.find(({ name }) => name === "Prices, fast");
  const { run_id } = await nimbus.call("POST", `/console/runbooks/${prices.id}/start`, { variables: {} });
  await page.goto(`/runs/${run_id}`);
  await expect(main).toContainText("Succeeded");
  const steps = page.getByRole("region", { name: "Steps of this run" });
  await steps.getByRole("link", { name: /Ask for a price element 3/ }).click();
  await expect(main).toContainText("In the turn of element 3.");
  await steps.getByRole("link", { name: /For each element/ }).last().click();
  await expect(main).toContainText("went through 4 elements, 2 at a time");
  await picture(page, "side-by-side-run");
  await expectAccessible(page);
  const run = await nimbus.call("GET", `/console/runs/${run_id}`);
  const set = run.visits.flatMap(({ elements = [], variables }) => variables.map(({ value }) => `${elements}: ${value}`));
  expect(set).toContain("3: [30]");
});
