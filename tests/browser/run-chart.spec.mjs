// A run laid over its flow chart: how it went with each step, which links it took, and what the selected step did.
import { expect, expectAccessible, expectToFit, picture, signIn, test } from "./fixtures.mjs";

test.use({ workspace: "run-chart", startOptions: ["--allow", "local", "--empty"] });

test.beforeEach(({ page, nimbus }) => signIn(page, nimbus));

/** Asks the stub for each city, one after the other; a failure of the last step ends as failed. */
const steps = (method) => [
  { id: "each", name: "Each city", type: "for_each", over: "<<Cities>>", at: [280, 0], next: { element: "ask", finished: "last", empty: "none" } },
  { id: "ask", name: "Ask for the sky", type: "method", method, at: [640, 0], next: { success: "each", failure: "bad" } },
  { id: "last", name: "Last", type: "set", variables: [{ name: "Done", value: "yes" }], at: [640, 160], next: { done: "good" } },
  { id: "none", name: "None", type: "end", outcome: "success", at: [640, 320] },
  { id: "good", name: "Good", type: "end", outcome: "success", at: [1000, 160] },
  { id: "bad", name: "Bad", type: "end", outcome: "failed", at: [1000, 0] },
];

async function prepare(nimbus, stub, id, more = {}) {
  await nimbus.call("POST", "/console/import", {
    format: "nimbus.bundle/1",
    integrations: [
      {
        id: `${id}-service`,
        name: "Weather",
        base_url: stub.url,
        auth: { type: "none" },
        methods: [{ id: `${id}-ask`, name: "Sky", http_method: "GET", path: "/sky/<<response>>", outputs: [{ name: "Sky", value: "response^sky" }] }],
      },
    ],
    runbooks: [
      {
        id,
        name: `Sky of ${id}`,
        enabled: true,
        start: { access: "desk", inputs: [{ name: "Cities", type: "array" }] },
        first_step: "each",
        steps: steps(`${id}-ask`),
        ...more,
      },
    ],
  });
}

const begin = async (nimbus, id, cities, draft = false) =>
  (await nimbus.call("POST", `/console/runbooks/${id}/start`, { variables: { Cities: cities }, draft })).run_id;

async function toEnd(nimbus, run) {
  await expect.poll(async () => (await nimbus.call("GET", `/console/runs/${run}`)).ended_at).toBeTruthy();
}

const chartOf = (page) => page.getByRole("region", { name: "Flow chart" });
const card = (page, name) => chartOf(page).locator(".step-card").filter({ has: page.locator(".step-card-name", { hasText: new RegExp(`^${name}$`) }) });
const face = (page, name) => card(page, name).getByRole("button");
const selected = (page) => page.getByRole("region", { name: "Selected step" });

test("an ended run tells on the chart how it went with each step", async ({ page, nimbus, stub }) => {
  await prepare(nimbus, stub, "ended");
  stub.on("GET", "/sky/Bern", () => ({ body: { sky: "grey" } }));
  stub.on("GET", "/sky/Thun", () => ({ status: 500, body: {} }));
  const run = await begin(nimbus, "ended", ["Bern", "Thun"]);
  await toEnd(nimbus, run);
  // What is drafted since is another chart.
  const draft = await nimbus.call("GET", "/console/runbooks/ended");
  draft.steps.find(({ id }) => id === "ask").name = "Renamed since";
  await nimbus.call("PUT", "/console/runbooks/ended", draft, { "If-Match": String(draft.version) });

  await page.goto(`/runs/${run}`);
  await expect(page.getByRole("region", { name: "Steps of this run" })).toBeVisible();
  await page.getByRole("tab", { name: "Flow chart" }).click();
  await expect(page).toHaveURL(/view=chart/);
  const ask = card(page, "Ask for the sky");
  await expect(ask.locator(".step-card-mark").first()).toContainText("Failed");
  await expect(ask.locator(".step-card-visits")).toHaveText("2 visits, 1 failed");
  await expect(card(page, "Each city").locator(".step-card-mark").first()).toContainText("Succeeded");
  await expect(card(page, "Bad")).toContainText("Ends as failed");
  for (const name of ["Last", "None", "Good"]) {
    await expect(card(page, name)).toContainText("Not reached");
    await expect(card(page, name)).toHaveClass(/step-card-left/);
  }
  await expect(ask).not.toHaveClass(/step-card-left/);
  // The start, the element, and both ways of what was asked.
  await expect(chartOf(page).locator(".link-taken")).toHaveCount(4);
  await expect(chartOf(page).locator(".link-left")).toHaveCount(3);
  await expect(face(page, "Ask for the sky")).toHaveAccessibleName(/success leads to 1 Each city.*Failed, .*2 visits, 1 failed/);

  // It can only be looked at.
  await expect(chartOf(page).getByRole("button", { name: "Add step" })).toHaveCount(0);
  await expect(chartOf(page).getByRole("button", { name: /Way out/ })).toHaveCount(0);
  const before = await ask.boundingBox();
  await ask.hover();
  await page.mouse.down();
  await page.mouse.move(before.x + 200, before.y + 90);
  await page.mouse.up();
  expect(await ask.boundingBox(), "a card stays where it was").toEqual(before);
  await picture(page, "run-chart", { fullPage: true });
  await expectAccessible(page);
  await expectToFit(page);

  // What failed is shown first, as the waterfall does; its visits can be chosen.
  await expect(selected(page)).toContainText("Ask for the sky");
  await expect(selected(page)).toContainText("500");
  const visits = selected(page).getByLabel("Visit", { exact: true });
  await expect(visits.locator("option")).toHaveText(["1 of 2: element 1, succeeded", "2 of 2: element 2, failed"]);
  await visits.selectOption("1 of 2: element 1, succeeded");
  await expect(selected(page).getByRole("row", { name: /Sky/ })).toContainText("grey");
  await expect(page).toHaveURL(/visit=2/);
  await page.reload();
  await expect(selected(page).getByRole("row", { name: /Sky/ })).toContainText("grey");
  await expect(visits.locator("option:checked")).toHaveText("1 of 2: element 1, succeeded");

  // Both views look at the same passage.
  await page.getByRole("tab", { name: "Steps" }).click();
  await expect(page.getByRole("region", { name: "Steps of this run" }).locator(".waterfall-row[aria-expanded=true]")).toContainText("Ask for the sky element 1");
});

test("the chart of a run is read with the keyboard, and as a list", async ({ page, nimbus, stub }) => {
  await prepare(nimbus, stub, "keys");
  stub.on("GET", "/sky/Bern", () => ({ body: { sky: "grey" } }));
  const run = await begin(nimbus, "keys", ["Bern"]);
  await toEnd(nimbus, run);
  await page.goto(`/runs/${run}?view=chart`);
  await face(page, "Each city").focus();
  await page.keyboard.press("Enter");
  await expect(selected(page)).toContainText("Each city");
  await expect(selected(page)).toContainText("2 of 2: succeeded");
  await page.keyboard.press("ArrowRight");
  await expect(face(page, "Ask for the sky")).toBeFocused();
  await expect(selected(page).getByRole("heading", { level: 2 })).toHaveText("Ask for the sky");
  await expect(page).toHaveURL(/visit=2/);
  await page.keyboard.press("ArrowRight");
  await expect(face(page, "Bad")).toBeFocused();
  await expect(selected(page)).toContainText("The run did not come to this step.");
  // Keys that change a draft do nothing here.
  for (const key of ["Delete", "a", "t", "Control+z"]) await page.keyboard.press(key);
  await expect(chartOf(page).locator(".step-card")).toHaveCount(7);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(selected(page)).toHaveText("Select a step to see what it did.");
  await face(page, "Start").click();
  await expect(selected(page)).toContainText("The run began here.");

  await chartOf(page).getByRole("button", { name: "Show as a list" }).click();
  const list = page.getByRole("list", { name: "Steps in the order in which they run" });
  const item = (name) => list.getByRole("listitem").filter({ has: page.getByRole("button", { name: new RegExp(name) }) });
  await expect(item("Ask for the sky")).toContainText(/Succeeded, .*success leads to 1\. Each city ?, taken/);
  await expect(item("Bad")).toContainText("Not reached");
  await list.getByRole("button", { name: /Last/ }).click();
  await expect(selected(page).getByRole("row", { name: /Done/ })).toContainText("yes");
  await expectAccessible(page);
  await page.setViewportSize({ width: 400, height: 800 });
  await expectToFit(page);
  await picture(page, "run-chart-narrow", { fullPage: true });
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page);
  await picture(page, "run-chart-dark", { fullPage: true });
});

test("the chart follows a run that goes on, and nothing on it moves", async ({ page, nimbus, stub }) => {
  await prepare(nimbus, stub, "live");
  const release = stub.hold("GET", "/sky/Bern", () => ({ body: { sky: "grey" } }));
  const run = await begin(nimbus, "live", ["Bern"]);
  await page.goto(`/runs/${run}?view=chart`);
  const ask = card(page, "Ask for the sky");
  await expect(ask).toContainText("Running");
  await expect(card(page, "Last")).toContainText("Not reached yet");
  await expect(selected(page)).toContainText("Running");
  await face(page, "Last").click();
  await expect(selected(page)).toContainText("The run has not come to this step yet.");
  // What stands above the chart may go; on it, each card keeps its place.
  const places = () =>
    chartOf(page)
      .locator(".chart-canvas")
      .evaluate((canvas) => {
        const { x, y } = canvas.getBoundingClientRect();
        return [...canvas.querySelectorAll(".step-card")].map((card) => [card.getBoundingClientRect().x - x, card.getBoundingClientRect().y - y].map(Math.round));
      });
  const before = await places();
  release();
  await expect(card(page, "Good")).toContainText("Succeeded");
  await expect(ask).toContainText("Succeeded");
  await expect(selected(page).getByRole("row", { name: /Done/ })).toContainText("yes");
  expect(await places(), "nothing moves").toEqual(before);
});

test("a test of a draft is shown as it was tested", async ({ page, nimbus, stub }) => {
  await prepare(nimbus, stub, "draft", { enabled: false });
  stub.on("GET", "/sky/Bern", () => ({ body: { sky: "grey" } }));
  const run = await begin(nimbus, "draft", ["Bern"], true);
  await toEnd(nimbus, run);
  await page.goto(`/runs/${run}?view=chart`);
  await expect(page.getByRole("main")).toContainText("The draft");
  await expect(card(page, "Ask for the sky")).toContainText("Succeeded");
  await expect(card(page, "Ask for the sky")).toContainText("Weather · Sky");
});
