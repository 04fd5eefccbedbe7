// The runs: narrowed, followed while they go on, taken apart step by step, and added up.
import { expect, expectAccessible, expectToFit, picture, signIn, test } from "./fixtures.mjs";

test.use({ workspace: "runs", startOptions: ["--allow", "local", "--empty"] });

const TOKEN = "sky-token-4711-secret";

test.beforeEach(({ page, nimbus }) => signIn(page, nimbus));

/** A published runbook that asks the stub for the sky over a city. */
async function prepare(nimbus, stub, id, more = {}) {
  await nimbus.call("POST", "/console/import", {
    format: "nimbus.bundle/1",
    integrations: [
      {
        id: `${id}-service`,
        name: "Weather",
        base_url: stub.url,
        auth: { type: "bearer", token: { secret: TOKEN } },
        methods: [
          { id: `${id}-ask`, name: "Ask for the sky", http_method: "GET", path: "/sky/<<City!>>", outputs: [{ name: "Sky", value: "response^sky" }], ...more },
        ],
      },
    ],
    runbooks: [
      {
        id,
        name: `Sky of ${id}`,
        enabled: true,
        start: { access: "desk", inputs: [{ name: "City", type: "string" }] },
        first_step: "ask",
        steps: [
          { id: "ask", name: "Ask", type: "method", method: `${id}-ask`, next: { success: "good", failure: "bad" } },
          { id: "good", name: "Good", type: "end", outcome: "success", at: [360, 0] },
          { id: "bad", name: "Bad", type: "end", outcome: "failed", at: [360, 120] },
        ],
      },
    ],
  });
}

const begin = async (nimbus, id, City) => (await nimbus.call("POST", `/console/runbooks/${id}/start`, { variables: { City } })).run_id;

async function toEnd(nimbus, run) {
  await expect.poll(async () => (await nimbus.call("GET", `/console/runs/${run}`)).ended_at).toBeTruthy();
}

/** The rows of the list, without its head. */
const rowsOf = (page) => page.getByRole("table", { name: "Runs" }).locator("tbody").getByRole("row");

test("runs are narrowed, and the address keeps how", async ({ page, nimbus, stub }) => {
  await prepare(nimbus, stub, "narrowed");
  stub.on("GET", "/sky/Bern", () => ({ body: { sky: `grey as ${TOKEN}` } }));
  stub.on("GET", "/sky/Thun", () => ({ status: 500, body: {} }));
  for (const city of ["Bern", "Thun"]) await toEnd(nimbus, await begin(nimbus, "narrowed", city));
  // What is found arrives a little later than the end.
  await expect.poll(async () => (await nimbus.call("GET", "/console/runs?runbook=narrowed&text=thun")).items.length).toBe(1);
  await page.goto("/runs?runbook=narrowed");
  await expect(rowsOf(page)).toHaveCount(2);

  const table = () => page.getByRole("table", { name: "Runs" }).boundingBox();
  const { y } = await table();
  await page.goto("/runs");
  expect((await table()).y, "the table does not move when the first filter is set").toBe(y);
  await page.goto("/runs?runbook=narrowed");
  await expect(rowsOf(page)).toHaveCount(2);
  await page.getByLabel("Status", { exact: true }).selectOption("Failed");
  await expect(rowsOf(page)).toHaveCount(1);
  await expect(rowsOf(page)).toContainText("Failed");
  await expect(rowsOf(page), "where it failed, and why").toContainText("Ask: The service answered 500");
  await expect(page).toHaveURL(/status=failed/);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(page).not.toHaveURL(/status=/);
  await expect(page.getByLabel("Status", { exact: true })).toBeFocused();

  await page.goto("/runs?runbook=narrowed");
  await page.getByLabel("Text in variables").fill("BERN grey");
  await expect(rowsOf(page)).toHaveCount(1);
  await expect(page).toHaveURL(/search=BERN/);
  await page.reload();
  await expect(page.getByLabel("Text in variables")).toHaveValue("BERN grey");
  await expect(rowsOf(page)).toHaveCount(1);
  await expect(rowsOf(page)).toContainText("Succeeded");
  await page.getByLabel("Text in variables").fill(TOKEN);
  await expect(page.getByText("No run fits these filters")).toBeVisible();
  await expect(page.getByRole("button", { name: "Clear filters" })).toHaveCount(1);
  await expectAccessible(page);

  await page.goto("/runs?runbook=narrowed&time=hour");
  await expect(rowsOf(page)).toHaveCount(2);
  await page.getByLabel("Started", { exact: true }).selectOption("Between…");
  await page.getByLabel("To", { exact: true }).fill("2020-01-01T00:00");
  await expect(page.getByText("No run fits these filters")).toBeVisible();
  await page.getByLabel("To", { exact: true }).fill("");
  await page.getByLabel("From", { exact: true }).fill("2020-01-01T00:00");
  await expect(rowsOf(page)).toHaveCount(2);
  await expect(page).toHaveURL(/time=between.*from=2019-12-31T23/);
  await page.getByLabel("To", { exact: true }).fill("2019-01-01T00:00");
  await expect(page.getByText("This is not after From")).toBeVisible();
  await expect(page.getByRole("button", { name: "Select all that fit" })).toHaveCount(0);
  await page.getByLabel("To", { exact: true }).fill("");
  await expect(rowsOf(page)).toHaveCount(2);
  await picture(page, "runs-between");
  await expectToFit(page);
  await page.getByRole("main").getByRole("button", { name: "Clear filters" }).click();
  await expect(page.getByLabel("Started", { exact: true })).toHaveValue("");
});

test("a run appears, follows what becomes of it, and moves nothing while somebody reads", async ({ page, nimbus, stub }) => {
  await prepare(nimbus, stub, "live");
  stub.on("GET", "/sky/Bern", () => ({ body: { sky: "grey" } }));
  await toEnd(nimbus, await begin(nimbus, "live", "Bern"));
  await page.goto("/runs?runbook=live");
  await expect(rowsOf(page)).toHaveCount(1);
  const lists = [];
  page.on("request", (request) => request.url().includes("/console/runs?") && lists.push(request.url()));

  const release = stub.hold("GET", "/sky/Olten", () => ({ body: { sky: "foggy" } }));
  await begin(nimbus, "live", "Olten");
  await expect(rowsOf(page)).toHaveCount(2);
  await expect(rowsOf(page).first()).toContainText("Running");
  await rowsOf(page).first().evaluate((row) => (row.dataset.mark = "same"));
  await page.mouse.move(0, 0);
  release();
  await expect(rowsOf(page).first()).toContainText("Succeeded");
  await expect(rowsOf(page).first()).toHaveAttribute("data-mark", "same");

  await rowsOf(page).first().hover();
  const before = await rowsOf(page).first().boundingBox();
  await begin(nimbus, "live", "Bern");
  const show = page.getByRole("button", { name: "Show 1 new run" });
  await expect(show).toBeVisible();
  await expect(rowsOf(page)).toHaveCount(2);
  expect(await rowsOf(page).first().boundingBox()).toEqual(before);
  await show.click();
  await expect(rowsOf(page)).toHaveCount(3);
  await expect(rowsOf(page).nth(1)).toHaveAttribute("data-mark", "same");
  expect(lists, "the list was not read again").toEqual([]);

  // One that does not fit stays away; of the text, only the server knows.
  await page.goto("/runs?runbook=live&search=foggy");
  await expect(rowsOf(page)).toHaveCount(1);
  await page.mouse.move(0, 0);
  stub.on("GET", "/sky/Olten", () => ({ body: { sky: "foggy" } }));
  await toEnd(nimbus, await begin(nimbus, "live", "Bern"));
  await begin(nimbus, "live", "Olten");
  await expect(rowsOf(page)).toHaveCount(2);
});

test("a run shows its tries and waits, and gives its requests away as commands", async ({ page, context, nimbus, stub }) => {
  const retry = { kind: "fixed", count: 1, first_ms: 4000, max_ms: 4000 };
  await prepare(nimbus, stub, "tries", { retry });
  let asked = 0;
  stub.on("GET", "/sky/Bern", () => (++asked === 1 ? { status: 503, body: { error: "busy" } } : { body: { sky: "grey" } }));
  const run = await begin(nimbus, "tries", "Bern");
  await page.goto(`/runs/${run}`);
  const main = page.getByRole("main");
  await expect(main).toContainText(/Waits until .* to try “Ask” again, which was tried once/);
  const left = main.getByText(/\d s left/);
  await expect(left).toBeVisible();
  await expect(left).toHaveAttribute("aria-hidden", "true");
  await picture(page, "run-waits");

  await expect(main.getByText("Succeeded", { exact: true })).toBeVisible();
  await expect(main.getByText(/Waits until/)).toHaveCount(0);
  const steps = page.getByRole("region", { name: "Steps of this run" });
  const ask = steps.getByRole("link", { name: /Ask/ });
  await expect(ask).toContainText("2 tries");
  await expect(ask.locator(".bar")).toHaveCount(3);
  await expect(ask).toHaveAttribute("aria-expanded", "true");
  await expect(steps).toContainText("Try 1");
  await expect(steps).toContainText("503");
  await expect(steps.getByRole("tree", { name: "Response body" }).first()).toContainText("busy");
  await expect(steps.getByRole("row", { name: /Sky/ })).toContainText("grey");
  await ask.click();
  await expect(ask).toHaveAttribute("aria-expanded", "false");
  await expect(page).toHaveURL(/visit=0/);
  await ask.press("Enter");
  await expect(page).toHaveURL(/visit=1/);
  await picture(page, "run-tries", { fullPage: true });
  await expectAccessible(page);

  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await steps.getByRole("button", { name: "Copy as curl" }).first().click();
  await expect(page.getByRole("status").filter({ hasText: "Copied" })).toBeAttached();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  expect(command).toContain(`curl ${stub.url}/sky/Bern`);
  expect(command).toContain(`--header 'Authorization: Bearer '"\${TOKEN}"`);
  expect(command).not.toContain(TOKEN);
});

test("a runbook's runs are added up by day", async ({ page, nimbus, stub }) => {
  await prepare(nimbus, stub, "days");
  await page.goto("/runbooks/days?tab=runs");
  await expect(page.getByText("Nothing has run in the last 30 days")).toBeVisible();
  stub.on("GET", "/sky/Bern", () => ({ body: { sky: "grey" } }));
  for (const city of ["Bern", "Thun", "Bern"]) await toEnd(nimbus, await begin(nimbus, "days", city));
  // It follows by itself.
  const chart = page.getByRole("img", { name: "Runs a day: 3 runs in 30 days, 1 failed, at most 3 on one day" });
  await expect(chart).toBeVisible();
  await expect(chart.locator(".chart-bad")).toHaveCount(1);
  await page.getByText("As a table").click();
  const today = page.getByRole("table", { name: "Runs by day" }).locator("tbody").getByRole("row").first();
  await expect(today.getByRole("cell")).toHaveText(["3", "1", /\d (ms|s)/, /\d (ms|s)/]);
  await expect(page.getByRole("table", { name: "Runs by day" }).locator("tbody").getByRole("row")).toHaveCount(30);
  await expectAccessible(page);
  await picture(page, "runs-statistics");
  const [counted, lasted] = await Promise.all([chart, page.getByRole("img", { name: /^Duration a day/ })].map((one) => one.boundingBox()));
  expect(counted.y, "both charts stand on one line").toBe(lasted.y);
  for (const width of [1280, 1120]) {
    await page.setViewportSize({ width, height: 800 });
    for (const part of [".chart-title", ".chart-legend"]) {
      const [one, other] = await page.locator(part).evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().top));
      expect(one, `${part} at ${width}`).toBe(other);
    }
  }
  await page.goto("/runs");
  for (const width of [1280, 400]) {
    await page.setViewportSize({ width, height: 800 });
    const name = rowsOf(page).filter({ hasText: "Sky of days" }).first().getByText("Sky of days", { exact: true });
    await expect(name).toBeVisible();
    expect(await name.evaluate((name) => name.getClientRects().length), `lines of the name at ${width}`).toBe(1);
    await expectToFit(page);
    await picture(page, `runs-narrow-${width}`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  const heads = page.getByRole("table", { name: "Runs" }).getByRole("columnheader");
  const widthOf = async (title) => (await heads.filter({ hasText: title }).boundingBox()).width;
  expect(await widthOf("Last step"), "what went wrong has the most room").toBeGreaterThan(1.5 * (await widthOf("Started by")));
  await page.goto("/runbooks/days?tab=runs");
  await toEnd(nimbus, await begin(nimbus, "days", "Bern"));
  await expect(page.getByRole("img", { name: /^Runs a day: 4 runs in 30 days, 1 failed/ })).toBeVisible();
});

test("a question goes with what asked it", async ({ page, nimbus, stub }) => {
  await prepare(nimbus, stub, "asked");
  const release = stub.hold("GET", "/sky/Bern", () => ({ body: { sky: "grey" } }));
  const run = await begin(nimbus, "asked", "Bern");
  const main = page.getByRole("main");
  const question = page.getByRole("dialog", { name: "Cancel this run?" });
  const cancel = main.getByRole("button", { name: "Cancel", exact: true });

  await test.step("with the page", async () => {
    await page.goto("/runs?runbook=asked");
    await rowsOf(page).first().getByRole("link").click();
    await expect(page).toHaveURL(new RegExp(`/runs/${run}`));
    await cancel.click();
    await expect(question).toBeVisible();
    await page.goBack();
    await expect(page.getByRole("heading", { name: "Runs", level: 1 })).toBeVisible();
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });

  await test.step("with the run", async () => {
    await page.goto(`/runs/${run}`);
    await cancel.click();
    await expect(question).toBeVisible();
    release();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(main.getByText("Succeeded", { exact: true })).toBeVisible();
    await expect(page.getByRole("status").filter({ hasText: "Cancel this run? There is nothing to decide any more." })).toBeAttached();
  });
});

test("a run that is cancelled while a request is under way says so once", async ({ page, nimbus, stub }) => {
  await prepare(nimbus, stub, "once");
  const release = stub.hold("GET", "/sky/Bern", () => ({ body: { sky: "grey" } }));
  const run = await begin(nimbus, "once", "Bern");
  await expect.poll(() => stub.requests.some(({ path }) => path === "/sky/Bern")).toBe(true);
  await page.goto(`/runs/${run}`);
  const main = page.getByRole("main");
  await main.getByRole("button", { name: "Cancel", exact: true }).click();
  await page.getByRole("dialog", { name: "Cancel this run?" }).getByRole("button", { name: "Cancel the run" }).click();
  await expect(main.getByText("Cancelled", { exact: true })).toBeVisible();
  const steps = page.getByRole("region", { name: "Steps of this run" });
  await expect(steps.getByRole("link", { name: /Ask/ })).toHaveAttribute("aria-expanded", "true");
  await expect(steps.getByText(/cancelled while this step was under way/)).toHaveCount(1);
  await picture(page, "run-cancelled");
  release();
});

test("a connection that is lost is told, and nothing is counted without it", async ({ page, nimbus, stub }) => {
  await prepare(nimbus, stub, "lost");
  const release = stub.hold("GET", "/sky/Bern", () => ({ body: { sky: "grey" } }));
  let isUp = true;
  let tries = 0;
  const sockets = [];
  await page.routeWebSocket("**/console/live", (socket) => {
    tries++;
    if (!isUp) return socket.close();
    socket.connectToServer();
    sockets.push(socket);
  });
  const run = await begin(nimbus, "lost", "Bern");
  await page.goto(`/runs/${run}`);
  const main = page.getByRole("main");
  const left = main.locator(".run-left");
  await expect(left).toHaveText(/\d s/);
  const notice = page.getByRole("status").filter({ hasText: "Connection lost. What is shown may be old. Trying again…" });
  await expect(notice).toHaveCount(0);
  const before = await main.boundingBox();

  isUp = false;
  for (const socket of sockets) await socket.close();
  await expect(notice).toBeVisible();
  expect(await main.boundingBox(), "nothing moves").toEqual(before);
  await picture(page, "run-connection-lost");
  await expectAccessible(page);
  const [shown, tried] = [await left.textContent(), tries];
  await expect.poll(() => tries, "it is tried again").toBeGreaterThan(tried);
  expect(await left.textContent(), "nothing is counted on").toBe(shown);

  // What happened meanwhile is read as soon as it can be.
  release();
  await toEnd(nimbus, run);
  isUp = true;
  await expect(main.getByText("Succeeded", { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(notice).toHaveCount(0);
});
