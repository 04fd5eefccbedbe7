// A run that moves on faster than it can be read, and one that has more steps than one wants to see at a time.
import { expect, expectAccessible, picture, signIn, test } from "./fixtures.mjs";

test.use({ workspace: "busy-run", startOptions: ["--allow", "local", "--empty"] });

test.beforeEach(({ page, nimbus }) => signIn(page, nimbus));

/** A published runbook that asks for each of some items, and starts it. */
async function begin(nimbus, stub, id, more = {}) {
  const method = (name, path, outputs = []) => ({ id: `${id}-${name}`, name, http_method: "GET", path, outputs });
  await nimbus.call("POST", "/console/import", {
    format: "nimbus.bundle/1",
    integrations: [
      {
        id: `${id}-service`,
        name: "Warehouse",
        base_url: stub.url,
        auth: { type: "none" },
        methods: [method("list", "/items", [{ name: "Items", value: "response^items" }]), method("ask", "/ask/<<response>>")],
      },
    ],
    runbooks: [
      {
        id,
        name: `Ask for all of ${id}`,
        enabled: true,
        start: { access: "desk" },
        first_step: "list",
        steps: [
          { id: "list", name: "List", type: "method", method: `${id}-list`, next: { success: "each", failure: "bad" } },
          { id: "each", name: "Each", type: "for_each", over: "<<Items>>", at: [360, 0], next: { element: "ask", finished: "good", empty: "good" } },
          { id: "ask", name: "Ask", type: "method", method: `${id}-ask`, at: [720, 0], next: { success: "each", failure: "bad" }, ...more },
          { id: "good", name: "Good", type: "end", outcome: "success", at: [360, 240] },
          { id: "bad", name: "Bad", type: "end", outcome: "failed", at: [720, 240] },
        ],
      },
    ],
  });
  return (await nimbus.call("POST", `/console/runbooks/${id}/start`, { variables: {} })).run_id;
}

const rowsOf = (page) => page.getByRole("region", { name: "Steps of this run" }).getByRole("listitem");

test("a busy run is shown as it goes on, and read once at a time", async ({ page, nimbus, stub }) => {
  const items = [...Array(8).keys()];
  stub.on("GET", "/items", () => ({ body: { items } }));
  const release = items.map((item) => stub.hold("GET", `/ask/${item}`, () => ({ body: {} })));
  const asked = (item) => stub.requests.some(({ path }) => path === `/ask/${item}`);
  let news = 0;
  page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => String(payload).includes(run) && news++));
  const run = await begin(nimbus, stub, "busy");
  await expect.poll(() => asked(0)).toBe(true);

  // Each read is answered with what the server said when it was asked, once the test lets it through.
  const reads = { now: 0, most: 0, held: [], hold: false };
  await page.route(({ pathname }) => pathname === `/console/runs/${run}`, async (route) => {
    reads.most = Math.max(reads.most, ++reads.now);
    const response = await route.fetch();
    const rows = (await response.json()).visits.length;
    if (reads.hold) await new Promise((resolve) => reads.held.push({ rows, let_through: resolve }));
    reads.now--;
    await route.fulfill({ response });
  });
  await page.goto(`/runs/${run}`);
  await expect(rowsOf(page)).toHaveCount(3);

  await expect.poll(() => reads.now).toBe(0);
  reads.most = 0;
  reads.hold = true;
  for (const item of [0, 1, 2]) {
    release[item]();
    await expect.poll(() => asked(item + 1)).toBe(true);
    await expect.poll(() => reads.held.length, "a read that is under way").toBe(1);
  }
  // What is on its way is overtaken by what happens, and is shown all the same; one more read follows it.
  const before = news;
  release[3]();
  await expect.poll(() => news).toBeGreaterThan(before);
  const [overtaken] = reads.held.splice(0);
  overtaken.let_through();
  await expect(rowsOf(page)).toHaveCount(overtaken.rows);
  await expect.poll(() => reads.held.length).toBe(1);
  const [latest] = reads.held.splice(0);
  expect(latest.rows).toBeGreaterThan(overtaken.rows);
  reads.hold = false;
  latest.let_through();
  await expect(rowsOf(page)).toHaveCount(latest.rows);

  for (const go of release) go();
  await expect(page.getByRole("main").getByText("Succeeded", { exact: true })).toBeVisible();
  await expect(rowsOf(page), "the list, each turn and the end of the loop, each question, the end").toHaveCount(1 + 9 + 8 + 1);
  expect(reads.most, "reads at a time").toBe(1);
  await page.unrouteAll({ behavior: "wait" });
});

test("a long run is shown piece by piece", async ({ page, nimbus }) => {
  await nimbus.call("POST", "/console/import", {
    format: "nimbus.bundle/1",
    runbooks: [
      {
        id: "long",
        name: "Count",
        enabled: true,
        start: { access: "desk", inputs: [{ name: "Items", type: "array" }] },
        first_step: "each",
        steps: [
          { id: "each", name: "Each", type: "for_each", over: "<<Items>>", next: { element: "set", finished: "good", empty: "good" } },
          { id: "set", name: "Take it", type: "set", variables: [{ name: "Last", value: "<<response>>" }], at: [360, 0], next: { done: "each" } },
          { id: "good", name: "Good", type: "end", outcome: "success", at: [360, 240] },
        ],
      },
    ],
  });
  // Longer ones than are read along with all steps.
  const Items = [...Array(299).keys(), "z".repeat(2_000)];
  const { run_id } = await nimbus.call("POST", "/console/runbooks/long/start", { variables: { Items } });
  await expect.poll(async () => (await nimbus.call("GET", `/console/runs/${run_id}`)).status).toBe("succeeded");
  await page.goto(`/runs/${run_id}`);
  // Each element has two passages, and the loop and the run have an end.
  await expect(rowsOf(page)).toHaveCount(200);
  await expect(rowsOf(page).nth(199)).toContainText("element 100");
  await page.getByRole("button", { name: "Show 200 more steps of 402" }).click();
  await expect(rowsOf(page)).toHaveCount(400);
  await page.getByRole("button", { name: "Show 200 more steps of 202" }).click();
  await page.getByRole("button", { name: "Show 2 more steps" }).click();
  await expect(rowsOf(page)).toHaveCount(602);
  await expect(page.getByRole("button", { name: /^Show/ })).toHaveCount(0);
  // The whole of a long value is read with the step that is opened.
  await page.getByRole("link", { name: /Take it element 300/ }).click();
  await expect(page.getByRole("row", { name: /^Last/ })).toHaveText(/z{2000}"$/);

  // A row that the address names is there at once, wherever it stands.
  await page.goto(`/runs/${run_id}?visit=500`);
  const open = page.getByRole("region", { name: "Steps of this run" }).locator("[aria-expanded=true]");
  await expect(open).toContainText("Take it element 250");
  await expect(rowsOf(page)).toHaveCount(200);
  await picture(page, "run-long");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Show 200 earlier steps of 399" }).click();
  await expect(rowsOf(page)).toHaveCount(400);
});
