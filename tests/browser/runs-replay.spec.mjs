// Running again what ran before: one run with other variables, and many at once.
import { expect, expectAccessible, picture, signIn, test } from "./fixtures.mjs";

test.use({ workspace: "runs-replay", startOptions: ["--allow", "local", "--empty"] });

test.beforeEach(async ({ page, nimbus, stub }) => {
  await signIn(page, nimbus);
  await nimbus.call("POST", "/console/import", {
    format: "nimbus.bundle/1",
    integrations: [
      {
        id: "service",
        name: "Weather",
        base_url: stub.url,
        auth: { type: "none" },
        methods: [
          { id: "find", name: "Find", http_method: "GET", path: "/find/<<City!>>", outputs: [{ name: "Place", value: "response^place" }] },
          { id: "ask", name: "Ask", http_method: "GET", path: "/sky/<<Place^id>>", outputs: [{ name: "Sky", value: "response^sky" }] },
        ],
      },
    ],
    runbooks: [
      {
        id: "sky",
        name: "Sky",
        enabled: true,
        start: { access: "desk", inputs: [{ name: "City", type: "string" }] },
        first_step: "find",
        steps: [
          { id: "find", name: "Find the place", type: "method", method: "find", next: { success: "ask", failure: "bad" } },
          { id: "ask", name: "Ask for the sky", type: "method", method: "ask", at: [360, 0], next: { success: "good", failure: "bad" } },
          { id: "good", name: "Good", type: "end", outcome: "success", at: [720, 0] },
          { id: "bad", name: "Bad", type: "end", outcome: "failed", at: [720, 120] },
        ],
      },
    ],
  });
  stub.on("GET", "/find/Bern", () => ({ body: { place: { id: 7, name: "Bern" } } }));
  stub.on("GET", "/sky/7", () => ({ status: 500, body: {} }));
  stub.on("GET", "/sky/8", () => ({ body: { sky: "blue" } }));
});

async function failedRun(nimbus) {
  const { run_id } = await nimbus.call("POST", "/console/runbooks/sky/start", { variables: { City: "Bern" } });
  await expect.poll(async () => (await nimbus.call("GET", `/console/runs/${run_id}`)).status).toBe("failed");
  return run_id;
}

test("a failed run is replayed from the step that failed, with another value", async ({ page, nimbus, stub }) => {
  const run = await failedRun(nimbus);
  await page.goto(`/runs/${run}`);
  await page.getByRole("button", { name: "Replay from this step" }).click();
  const dialog = page.getByRole("dialog", { name: "Replay from “Ask for the sky”" });
  await expect(dialog.getByLabel("City")).toHaveValue("Bern");
  await dialog.getByLabel("Place").fill('{"id": ');
  await dialog.getByRole("button", { name: "Replay" }).click();
  await expect(dialog).toContainText("This must be JSON");
  await dialog.getByLabel("Place").fill('{"id": 8}');
  await expectAccessible(page);
  await picture(page, "replay-from-step");
  const asked = stub.requests.filter(({ path }) => path === "/find/Bern").length;
  await dialog.getByRole("button", { name: "Replay" }).click();
  await expect(page).not.toHaveURL(new RegExp(run));
  await expect(page.getByRole("main")).toContainText("Succeeded");
  expect(stub.requests.filter(({ path }) => path === "/find/Bern"), "what came before the step").toHaveLength(asked);
});

test("many runs are replayed at once", async ({ page, nimbus, stub }) => {
  for (let count = 0; count < 6; count++) await failedRun(nimbus);
  stub.on("GET", "/sky/7", () => ({ body: { sky: "blue" } }));
  await page.goto("/runs?runbook=sky&status=failed");
  await page.getByRole("button", { name: "Select all that fit" }).click();
  await page.getByRole("button", { name: /^Replay \d+ runs$/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^Replay \d+ runs$/ }).click();
  const progress = page.getByRole("region", { name: "Replay of several runs" });
  await expect(progress).toContainText(/(\d+) of \1 started again/);
  await expect
    .poll(async () => (await nimbus.call("GET", "/console/runs?runbook=sky&status=succeeded&limit=200")).items.length)
    .toBeGreaterThanOrEqual(6);
});

test("replays go on while one moves about, and their end is told there", async ({ page, nimbus }) => {
  for (let count = 0; count < 6; count++) await failedRun(nimbus);
  let asked = 0;
  const answers = [];
  await page.route("**/console/runs/*/replay", async (route) => {
    asked++;
    await new Promise((resolve) => answers.push(resolve));
    return route.fulfill({ status: 202, json: { run_id: "sky.0.1", status: "queued" } });
  });
  await page.goto("/runs?runbook=sky&status=failed");
  const boxes = page.getByRole("checkbox", { name: /Select Sky/ });
  for (let index = 0; index < 6; index++) await boxes.nth(index).check();
  await page.getByRole("button", { name: "Replay 6 runs" }).click();
  const question = page.getByRole("dialog", { name: "Replay 6 runs?" });
  await expect(question).toContainText("It goes on while you work elsewhere");
  await question.getByRole("button", { name: "Replay 6 runs" }).click();
  await expect.poll(() => asked, "four at a time").toBe(4);

  const navigation = page.getByRole("navigation", { name: "Main" });
  const heading = (name) => page.getByRole("heading", { name, level: 1 });
  await navigation.getByRole("link", { name: "Desk" }).click();
  await expect(heading("Desk")).toBeVisible();
  for (const answer of answers.splice(0)) answer();
  await expect.poll(() => asked, "the others follow").toBe(6);
  await navigation.getByRole("link", { name: "Runs" }).click();
  await expect(heading("Runs")).toBeVisible();
  const progress = page.getByRole("region", { name: "Replay of several runs" });
  await expect(progress).toContainText("4 of 6 started again");
  await expect(progress.getByRole("button", { name: "Stop" })).toBeVisible();

  await navigation.getByRole("link", { name: "Desk" }).click();
  await expect(heading("Desk")).toBeVisible();
  for (const answer of answers.splice(0)) answer();
  await expect(page.getByRole("region", { name: "News" })).toContainText("6 of 6 started again");
  await navigation.getByRole("link", { name: "Runs" }).click();
  await expect(progress).toContainText("6 of 6 started again");
  await progress.getByRole("button", { name: "Close" }).click();
  await expect(progress).toHaveCount(0);
});

test.describe("whatever the server answers", () => {
  test.use({ expectedStatuses: [409] });

  test("refusals are listed with their reason, and what waits can be stopped", async ({ page, nimbus }) => {
    for (let count = 0; count < 7; count++) await failedRun(nimbus);
    const asked = [];
    const answers = [];
    await page.route("**/console/runs/*/replay", async (route) => {
      const number = asked.push(route.request().postDataJSON());
      await new Promise((resolve) => answers.push(resolve));
      if (number % 2 === 0) return route.fulfill({ status: 202, json: { run_id: "sky.0.1", status: "queued" } });
      return route.fulfill({ status: 409, json: { error: { code: "no_plan", message: "The plan of this run is gone." } } });
    });
    await page.goto("/runs?runbook=sky&status=failed");
    const boxes = page.getByRole("checkbox", { name: /Select Sky/ });
    for (let index = 0; index < 6; index++) await boxes.nth(index).check();
    await expect(page.getByText("6 runs selected")).toBeVisible();
    await picture(page, "runs-selected");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Replay 6 runs" }).click();
    await page.getByRole("dialog", { name: "Replay 6 runs?" }).getByRole("button", { name: "Replay 6 runs" }).click();
    await expect.poll(() => asked.length, "four at a time").toBe(4);
    const progress = page.getByRole("region", { name: "Replay of several runs" });
    await expect(progress).toContainText("0 of 6 started again");
    await progress.getByRole("button", { name: "Stop" }).click();
    for (const answer of answers) answer();
    await expect(progress).toContainText("The plan of this run is gone.");
    await expect(progress).toContainText("2 of 6 started again, 2 refused, then stopped: 2 left out");
    expect(asked).toEqual([{}, {}, {}, {}]);
    await progress.getByText("2 runs left out").click();
    await expect(progress.getByRole("group").getByRole("link")).toHaveCount(2);
    await progress.getByRole("button", { name: "Select them" }).click();
    await expect(page.getByText("2 runs selected")).toBeVisible();
    await picture(page, "runs-replayed");
    await expectAccessible(page);
    await progress.getByRole("button", { name: "Close" }).click();
    await expect(progress).toHaveCount(0);
  });
});
