// Steps that wait, go round and try again: built in the browser by somebody who reads no code, and watched while they run.
import { choose, expect, expectAccessible, picture, signIn, test } from "./fixtures.mjs";

test.use({ workspace: "waiting", startOptions: ["--allow", "local", "--empty"] });

const FORMAT = "nimbus.bundle/1";

test.beforeEach(({ page, nimbus }) => signIn(page, nimbus));

test("prices are asked for one by one, again where the service is busy", async ({ page, nimbus, stub }) => {
  const chart = page.getByRole("region", { name: "Flow chart" });
  const palette = page.getByRole("dialog", { name: "Add a step" });
  const main = page.getByRole("main");
  const item = (id, name, path, output) => ({ id, name, http_method: "GET", path, outputs: [output] });
  await nimbus.call("POST", "/console/import", {
    format: FORMAT,
    integrations: [
      {
        id: "warehouse",
        name: "Warehouse",
        base_url: stub.url,
        auth: { type: "none" },
        methods: [
          item("list", "List the items", "/items", { name: "Items", value: "response^items" }),
          item("price", "Ask for a price", "/prices/<<response^sku>>", { name: "Prices", value: "response^price", add_to_array: true }),
        ],
      },
    ],
  });
  let asked = 0;
  stub.on("GET", "/items", () => ({ body: { items: [{ sku: "AB-1" }, { sku: "AB-2" }] } }));
  stub.on("GET", "/prices/AB-1", () => (++asked === 1 ? { status: 503, body: {} } : { body: { price: 7.5 } }));
  stub.on("GET", "/prices/AB-2", () => ({ body: { price: 12 } }));

  // What a card says names its neighbours too.
  const card = (name) => chart.locator(".step-card").filter({ has: page.getByText(name, { exact: true }) });
  const add = async (from, way, words, name) => {
    await page.getByRole("button", { name: "Show all" }).click();
    await card(from).getByRole("button", { name: `Way out: ${way}` }).click();
    await page.getByRole("menuitem", { name: "Add a step here" }).click();
    await palette.getByLabel("Search what to add").fill(words);
    await palette.getByRole("button", { name }).click();
    await expect(palette).toBeHidden();
  };

  await test.step("the items are gone through", async () => {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Runbooks" }).click();
    await page.getByRole("button", { name: "New runbook" }).first().click();
    await page.getByLabel("Name", { exact: true }).fill("Prices");
    await chart.getByRole("button", { name: "Add the first step" }).click();
    await palette.getByRole("button", { name: "List the items" }).click();
    await add("List the items", "failure", "end", /End: failed, start again/);
    await expect(main).toContainText("after 10 seconds, a minute and five minutes");
    await add("List the items", "success", "each", /For each element/);
    await page.getByLabel("Go through").fill("<<Items>>");
    await add("For each element", "element", "price", /Ask for a price/);
    await expect(page.getByLabel("Success leads to").locator("option:checked")).toHaveText("For each element");
    await page.getByLabel("Failure leads to").selectOption("Start again");
  });

  await test.step("a busy service is asked again", async () => {
    await page.getByLabel("When it fails").selectOption("Try again, waiting longer each time");
    await page.getByLabel("First wait, at most").fill("200");
    await page.getByLabel("After these statuses").fill("200");
    await expect(main).toContainText("`200` is no status".replaceAll("`", ""));
    await page.getByLabel("After these statuses").fill("503, 429");
    await page.getByRole("textbox", { name: "Time limit" }).fill("50");
    await expect(main).toContainText("Type a whole number from 100 to 900000.");
    await page.getByRole("textbox", { name: "Time limit" }).fill("2500");
    await picture(page, "waiting-retry");
    await expectAccessible(page);
  });

  await test.step("then a variable is set, and the run waits a second", async () => {
    await add("For each element", "finished", "variables", /Set variables/);
    await page.getByLabel("Variable", { exact: true }).fill("Summary");
    await page.getByLabel("Value", { exact: true }).fill("Prices: <<Prices>>");
    await picture(page, "waiting-set");
    await add("Set variables", "done", "wait", /Wait/);
    await page.getByLabel("Unit").selectOption("seconds");
    await page.getByRole("textbox", { name: "How long" }).fill("1");
    await expect(card("Wait")).toContainText("For 1.0 s");
    await add("Wait", "finished", "end", /End: success/);
    await page.getByRole("button", { name: "Show all" }).click();
    await card("For each element").click();
    await page.getByLabel("Empty leads to").selectOption("Finished");
    await page.getByRole("button", { name: "Tidy up" }).click();
    await picture(page, "waiting-chart");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Publish" }).click();
    await expect(main).toContainText("Published, version 1");
  });

  await test.step("its run shows each turn, and each try", async () => {
    const { items } = await nimbus.call("GET", "/console/runbooks");
    const { steps } = await nimbus.call("GET", `/console/runbooks/${items[0].id}`);
    expect(steps.find(({ name }) => name === "Ask for a price").timeout_ms).toBe(2500);
    const { run_id } = await nimbus.call("POST", `/console/runbooks/${items[0].id}/start`, { variables: {} });
    await page.goto(`/runs/${run_id}`);
    await expect(main).toContainText("Succeeded");
    await expect(page.getByRole("region", { name: "Steps of this run" })).toContainText("2 tries");
    await page.getByRole("link", { name: /Set variables/ }).click();
    await expect(main).toContainText("Prices: [7.5,12]");
    await picture(page, "waiting-run");
    expect(stub.requests.filter(({ path }) => path === "/prices/AB-1")).toHaveLength(2);
  });
});

test("a run that waits says until when, and can be cancelled", async ({ page, nimbus }) => {
  await nimbus.call("POST", "/console/import", {
    format: FORMAT,
    runbooks: [
      {
        id: "long",
        name: "Remind tomorrow",
        enabled: true,
        start: { access: "desk" },
        first_step: "wait",
        steps: [
          { id: "wait", name: "Until tomorrow", type: "sleep", for_ms: 86_400_000, next: { finished: "end" } },
          { id: "end", name: "Finished", type: "end", outcome: "success", at: [360, 0] },
        ],
      },
    ],
  });
  const { run_id } = await nimbus.call("POST", "/console/runbooks/long/start", { variables: {} });
  const main = page.getByRole("main");
  await page.goto(`/runs/${run_id}`);
  await expect(main).toContainText("Waiting");
  await expect(main).toContainText("Waits until");
  await picture(page, "waiting-asleep");
  const question = page.getByRole("dialog", { name: "Cancel this run?" });
  await main.getByRole("button", { name: "Cancel" }).click();
  await question.getByRole("button", { name: "Let it go on" }).click();
  await expect(main).toContainText("Waiting");
  await main.getByRole("button", { name: "Cancel" }).click();
  await question.getByRole("button", { name: "Cancel the run" }).click();
  await expect(main).toContainText("Cancelled");
  await expect(main.getByRole("button", { name: "Cancel" })).toHaveCount(0);

  await page.goto("/runbooks/long?tab=chart&step=wait");
  await choose(page, "Waits", "Until a date and time");
  await page.getByLabel("Until", { exact: true }).fill("<<ticket^deadlinedate>>");
  await expect(main).toContainText("Until <<ticket^deadlinedate>>");
});

test("a run that waits for another one, or for its turn, leads to it", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  const sleeping = (id, name, more = {}) => ({
    id,
    name,
    enabled: true,
    start: { access: "desk" },
    first_step: "wait",
    steps: [
      { id: "wait", name: "Until tomorrow", type: "sleep", for_ms: 86_400_000, next: { finished: "end" } },
      { id: "end", name: "Finished", type: "end", outcome: "success", at: [360, 0] },
    ],
    ...more,
  });
  await nimbus.call("POST", "/console/import", {
    format: FORMAT,
    runbooks: [
      sleeping("nap", "Nap"),
      sleeping("one-by-one", "One by one", { running: "queue" }),
      {
        id: "above",
        name: "Above it",
        enabled: true,
        start: { access: "desk" },
        first_step: "start",
        steps: [
          { id: "start", name: "Start a nap", type: "start_runbook", runbook: "nap", wait: true, timeout_ms: 7_200_000, next: { success: "end", failure: "end" } },
          { id: "end", name: "Finished", type: "end", outcome: "success", at: [360, 0] },
        ],
      },
    ],
  });
  const begin = async (id) => (await nimbus.call("POST", `/console/runbooks/${id}/start`, { variables: {} })).run_id;

  const above = await begin("above");
  await page.goto(`/runs/${above}`);
  await expect(main).toContainText(/Waits for the end of the run that the step “Start a nap” has started, until .* at most/);
  await picture(page, "waiting-for-run");
  await expectAccessible(page);
  await main.getByRole("link", { name: "Open that run" }).click();
  await expect(page).toHaveURL(/runs\/nap\./);
  const nap = new URL(page.url()).pathname;
  await expect(main).toContainText("Waits until");
  await main.getByRole("link", { name: "Runbook Above it" }).click();
  await expect(page).toHaveURL(new RegExp(above));
  await main.getByRole("button", { name: "Cancel" }).click();
  const question = page.getByRole("dialog", { name: "Cancel this run?" });
  await expect(question).toContainText("The run that it started and waits for is cancelled, too.");
  await question.getByRole("button", { name: "Cancel the run" }).click();
  await expect(main).toContainText("Cancelled");
  await page.goto(`/runs/${above}?visit=1`);
  await main.getByRole("link", { name: "The run that it started" }).click();
  await expect(page).toHaveURL(new RegExp(nap));
  await expect(main).toContainText("Cancelled");

  const first = await begin("one-by-one");
  const second = await begin("one-by-one");
  const third = await begin("one-by-one");
  await page.goto(`/runs/${third}`);
  await expect(main).toContainText("it is number 2 of those that wait");
  await picture(page, "waiting-in-queue");
  await main.getByRole("link", { name: "Open the run before it" }).click();
  await expect(page).toHaveURL(new RegExp(second));
  await expect(main).toContainText("is the next to have it");
  await main.getByRole("link", { name: "Open the run before it" }).click();
  await expect(page).toHaveURL(new RegExp(first));
  await expect(main).toContainText("Until tomorrow");
});

test("a runbook starts another one and takes its answer", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  const chart = page.getByRole("region", { name: "Flow chart" });
  const palette = page.getByRole("dialog", { name: "Add a step" });
  await nimbus.call("POST", "/console/import", {
    format: FORMAT,
    runbooks: [
      {
        id: "greeting",
        name: "Make a greeting",
        enabled: true,
        start: { access: "desk", answer: { outputs: ["Greeting"] }, inputs: [{ name: "Whom", type: "string", required: true }] },
        first_step: "set",
        steps: [
          { id: "set", name: "Set it", type: "set", variables: [{ name: "Greeting", value: "Dear <<Whom!>>" }], next: { done: "end" } },
          { id: "end", name: "Finished", type: "end", outcome: "success", at: [360, 0] },
        ],
      },
    ],
  });
  await page.goto("/runbooks");
  await page.getByRole("button", { name: "New runbook" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Write a letter");
  await chart.getByRole("button", { name: "Add the first step" }).click();
  await palette.getByLabel("Search what to add").fill("greeting");
  await palette.getByRole("button", { name: "Make a greeting" }).click();
  await expect(page.getByLabel("Success leads to")).toBeVisible();
  await page.getByRole("switch", { name: "Wait for its end" }).uncheck();
  await expect(page.getByLabel("Success leads to")).toHaveCount(0);
  await page.getByRole("switch", { name: "Wait for its end" }).check();
  await expect(main).toContainText("needs its input variable Whom");
  await page.getByRole("button", { name: "Add Whom" }).click();
  await expect(page.getByRole("button", { name: "Add Whom" })).toHaveCount(0);
  await expect(page.getByLabel("Name of row 1")).toHaveValue("Whom");
  await page.getByLabel("Value of row 1").fill("Mr Lyle");
  for (const [way, name] of [
    ["success", /End: success/],
    ["failure", /End: failed$/],
  ]) {
    await page.getByRole("button", { name: "Show all" }).click();
    await chart.locator('.step-card[data-kind="start_runbook"]').getByRole("button", { name: `Way out: ${way}` }).click();
    await page.getByRole("menuitem", { name: "Add a step here" }).click();
    await palette.getByLabel("Search what to add").fill("end");
    await palette.getByRole("button", { name }).click();
    await expect(palette).toBeHidden();
  }
  await chart.locator('.step-card[data-kind="start_runbook"]').click();
  await picture(page, "waiting-start-runbook");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(main).toContainText("Published, version 1");

  const { items } = await nimbus.call("GET", "/console/runbooks");
  const letter = items.find(({ name }) => name === "Write a letter");
  await nimbus.call("POST", `/console/runbooks/${letter.id}/start`, { variables: {} });
  await page.goto("/runs?runbook=greeting");
  await expect(main).toContainText("Runbook Write a letter");
  await page.getByRole("link", { name: "Succeeded" }).click();
  await expect(main).toContainText("Dear Mr Lyle");
});
