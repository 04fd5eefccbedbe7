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
        start: { access: "desk", inputs: [{ name: "City", type: "string", required: false }] },
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

async function failedRun(nimbus, variables = { City: "Bern" }) {
  const { run_id } = await nimbus.call("POST", "/console/runbooks/sky/start", { variables });
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
  // It tells what it began with, what of that was edited, and leads to the run that it repeats.
  const main = page.getByRole("main");
  await expect(main.getByRole("heading", { name: "Began with" })).toBeVisible();
  await expect(main.getByRole("row", { name: /^Place Edited/ })).toContainText('{"id": 8}');
  await expect(main.getByRole("row", { name: /^City/ })).toHaveText(/^City\s*"Bern"$/);
  await picture(page, "replay-began-with");
  await expectAccessible(page);
  await main.getByRole("link", { name: "Replay from Ask for the sky" }).click();
  await expect(page).toHaveURL(new RegExp(run));
});

test("an input variable that had no value is given one", async ({ page, nimbus, stub }) => {
  stub.on("GET", "/sky/7", () => ({ body: { sky: "blue" } }));
  const run = await failedRun(nimbus, {});
  await page.goto(`/runs/${run}`);
  await page.getByRole("button", { name: "Replay", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Replay from the start" });
  const city = dialog.getByLabel("City");
  await expect(city).toHaveValue("");
  await expect(city).toBeFocused();
  await expect(dialog).toContainText("It had no value");
  await picture(page, "replay-empty-input");
  await expectAccessible(page);
  // Enter sends what is typed, and adds nothing to it.
  await city.fill("Bern");
  await city.press("Enter");
  await expect(page).not.toHaveURL(new RegExp(run));
  await expect(page.getByRole("main")).toContainText("Succeeded");
  expect(stub.requests.map(({ path }) => path)).toContain("/find/Bern");
});

test("a step in a loop is replayed with its loop", async ({ page, nimbus, stub }) => {
  await nimbus.call("POST", "/console/import", {
    format: "nimbus.bundle/1",
    integrations: [
      {
        id: "lists",
        name: "Lists",
        base_url: stub.url,
        auth: { type: "none" },
        methods: [
          { id: "list", name: "List", http_method: "GET", path: "/places", outputs: [{ name: "Places", value: "response^places" }] },
          { id: "over", name: "Over", http_method: "GET", path: "/sky/<<response>>", outputs: [{ name: "Skies", value: "response^sky", add_to_array: true }] },
        ],
      },
    ],
    runbooks: [
      {
        id: "skies",
        name: "All skies",
        enabled: true,
        start: { access: "desk" },
        first_step: "list",
        steps: [
          { id: "list", name: "List the places", type: "method", method: "list", next: { success: "each", failure: "bad" } },
          { id: "each", name: "Each place", type: "for_each", over: "<<Places>>", at: [360, 0], next: { element: "ask", finished: "good", empty: "good" } },
          { id: "ask", name: "Ask for its sky", type: "method", method: "over", at: [720, 0], next: { success: "each", failure: "bad" } },
          { id: "good", name: "Good", type: "end", outcome: "success", at: [360, 240] },
          { id: "bad", name: "Bad", type: "end", outcome: "failed", at: [720, 240] },
        ],
      },
    ],
  });
  stub.on("GET", "/places", () => ({ body: { places: [8, 7] } }));
  const { run_id } = await nimbus.call("POST", "/console/runbooks/skies/start", { variables: {} });
  await expect.poll(async () => (await nimbus.call("GET", `/console/runs/${run_id}`)).status).toBe("failed");
  await page.goto(`/runs/${run_id}`);
  const steps = page.getByRole("region", { name: "Steps of this run" });
  // The one that failed is open, and says whose turn it was.
  await expect(steps.getByRole("link", { name: /Ask for its sky element 2/ })).toHaveAttribute("aria-expanded", "true");
  await expect(steps).toContainText("In the turn of element 2.");
  await steps.getByRole("button", { name: "Replay from the loop “Each place”" }).click();
  const dialog = page.getByRole("dialog", { name: "Replay from the loop “Each place”" });
  await expect(dialog).toContainText("is gone through again from its first element");
  await expect(dialog.getByLabel("Places")).toHaveValue("[8,7]");
  // What elements before it have set is set anew.
  await expect(dialog.getByLabel("Skies")).toHaveCount(0);
  await dialog.getByLabel("Places").fill("[8, 8]");
  await picture(page, "replay-from-loop");
  await expectAccessible(page);
  const before = stub.requests.length;
  await dialog.getByRole("button", { name: "Replay" }).click();
  await expect(page).not.toHaveURL(new RegExp(run_id));
  await expect(page.getByRole("main")).toContainText("Succeeded");
  expect(stub.requests.slice(before).map(({ path }) => path)).toEqual(["/sky/8", "/sky/8"]);
});

test("of light logs it is said what is not there, and nothing is offered that cannot be", async ({ page, nimbus, stub }) => {
  await nimbus.call("POST", "/console/import", {
    format: "nimbus.bundle/1",
    runbooks: [
      {
        id: "light",
        name: "Light sky",
        enabled: true,
        light_logs: true,
        start: { access: "desk", inputs: [{ name: "City", type: "string" }] },
        first_step: "find",
        steps: [
          { id: "find", name: "Find the place", type: "method", method: "find", next: { success: "good", failure: "good" } },
          { id: "good", name: "Good", type: "end", outcome: "success", at: [360, 0] },
        ],
      },
    ],
  });
  const { run_id } = await nimbus.call("POST", "/console/runbooks/light/start", { variables: { City: "Bern" } });
  await expect.poll(async () => (await nimbus.call("GET", `/console/runs/${run_id}`)).light).toBe(true);
  await page.goto(`/runs/${run_id}`);
  const main = page.getByRole("main");
  await expect(main).toContainText("keeps light logs");
  await expect(page.getByRole("link", { name: /Find the place/ })).toHaveAttribute("aria-expanded", "true");
  await expect(main).toContainText("Request");
  await expect(main.getByRole("button", { name: /Replay/ })).toHaveCount(0);
  await expect(main.getByRole("button", { name: "Copy as curl" })).toHaveCount(0);
  await picture(page, "run-light");
  await expectAccessible(page);
});

test("a run leads to its replays, and what one of them made good is not selected again", async ({ page, nimbus, stub }) => {
  await nimbus.call("POST", "/console/import", {
    format: "nimbus.bundle/1",
    runbooks: [
      {
        id: "redone",
        name: "Sky once more",
        enabled: true,
        start: { access: "desk", inputs: [{ name: "City", type: "string" }] },
        first_step: "find",
        steps: [
          { id: "find", name: "Find the place", type: "method", method: "find", next: { success: "good", failure: "bad" } },
          { id: "good", name: "Good", type: "end", outcome: "success", at: [360, 0] },
          { id: "bad", name: "Bad", type: "end", outcome: "failed", at: [360, 120] },
        ],
      },
    ],
  });
  let isUp = false;
  stub.on("GET", "/find/Oslo", () => (isUp ? { body: { place: { id: 8, name: "Oslo" } } } : { status: 500, body: {} }));
  const ended = async ({ run_id }, status) => {
    await expect.poll(async () => (await nimbus.call("GET", `/console/runs/${run_id}`)).status).toBe(status);
    return run_id;
  };
  const start = async () => ended(await nimbus.call("POST", "/console/runbooks/redone/start", { variables: { City: "Oslo" } }), "failed");
  const replay = async (run, status) => ended(await nimbus.call("POST", `/console/runs/${run}/replay`, {}), status);
  const [first, second, third] = [await start(), await start(), await start()];
  const inVain = await replay(second, "failed");

  const replays = page.getByRole("list", { name: "Replays of this run" });
  await page.goto(`/runs/${first}`);
  await expect(page.getByRole("region", { name: "Steps of this run" })).toBeVisible();
  await expect(replays).toHaveCount(0);
  // It is there as soon as there is one.
  isUp = true;
  const good = await replay(first, "succeeded");
  await expect(replays).toContainText(`Replayed as run ${good}, succeeded`);
  await picture(page, "run-replayed");
  await expectAccessible(page);
  await replays.getByRole("link", { name: `run ${good}` }).click();
  await expect(page).toHaveURL(new RegExp(good));
  await expect(page.getByRole("main").getByRole("link", { name: "Replay", exact: true })).toBeVisible();
  await expect(replays).toHaveCount(0);
  await page.goto(`/runs/${second}`);
  await expect(replays).toContainText(`Replayed as run ${inVain}, failed`);

  const failed = () => nimbus.call("GET", "/console/runs?runbook=redone&status=failed");
  await expect.poll(async () => (await failed()).items.map((run) => run.run_id)).toEqual([inVain, third, second, first]);
  await expect.poll(async () => (await failed()).redone).toEqual([first]);
  await page.goto("/runs?runbook=redone&status=failed");
  const rows = page.getByRole("table", { name: "Runs" }).locator("tbody").getByRole("row");
  await expect(rows).toHaveCount(4);
  await expect(rows.filter({ hasText: "Replayed: a replay of it has succeeded or is under way" })).toHaveCount(1);
  await expect(rows.last()).toContainText("Replayed");
  // Another replay, which fails, takes nothing from what one has made good that this list does not have.
  isUp = false;
  await page.mouse.move(0, 0);
  const late = await replay(first, "failed");
  await expect(rows).toHaveCount(5);
  await expect(rows.last()).toContainText("Replayed");
  isUp = true;
  await page.getByRole("button", { name: "Select all that fit" }).click();
  await expect(page.getByRole("group", { name: "Selected runs" })).toContainText("3 runs selected");
  const news = page.getByRole("region", { name: "News" });
  await expect(news).toContainText("1 run was left out, because a replay of it has succeeded or is under way.");
  await expect(news).toContainText("1 run was left out, because its replay fits, too.");
  await picture(page, "runs-left-out");
  await page.getByRole("button", { name: "Replay 3 runs" }).click();
  await page.getByRole("dialog", { name: "Replay 3 runs?" }).getByRole("button", { name: "Replay 3 runs" }).click();
  const progress = page.getByRole("region", { name: "Replay of several runs" });
  await expect(progress).toContainText("3 of 3 started again");
  await progress.getByText("3 runs started", { exact: true }).click();
  await expect(progress.getByRole("link")).toHaveCount(3);
  await expect(progress.getByRole("link").first()).toHaveAttribute("href", /\/runs\/redone/);
  // The list follows what is told of the replays.
  await expect(rows.filter({ hasText: "Replayed" })).toHaveCount(5);
  // Now there is none left that would have to be done again.
  await expect.poll(async () => (await failed()).redone).toEqual([late, inVain, third, second, first]);
  await page.getByRole("button", { name: "Select all that fit" }).click();
  await expect(news).toContainText("5 runs were left out, because replays of them have succeeded or are under way.");
});

test("many runs are replayed at once", async ({ page, nimbus, stub }) => {
  for (let count = 0; count < 6; count++) await failedRun(nimbus);
  stub.on("GET", "/sky/7", () => ({ body: { sky: "blue" } }));
  await page.goto("/runs?runbook=sky&status=failed");
  const all = page.getByRole("button", { name: "Select all that fit" });
  const none = page.getByRole("button", { name: "Select none" });
  await expect(none).toHaveAttribute("aria-disabled", "true");
  const places = [await all.boundingBox(), await none.boundingBox()];
  await all.click();
  await expect(none).not.toHaveAttribute("aria-disabled", "true");
  expect([await all.boundingBox(), await none.boundingBox()], "both stay where they were").toEqual(places);
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
  await boxes.first().check();
  await boxes.nth(5).click({ modifiers: ["Shift"] });
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
    await expect(progress.getByRole("group").filter({ hasText: "left out" }).getByRole("link")).toHaveCount(2);
    await progress.getByRole("button", { name: "Select them" }).click();
    await expect(page.getByText("2 runs selected")).toBeVisible();
    await picture(page, "runs-replayed");
    await expectAccessible(page);
    await progress.getByRole("button", { name: "Close" }).click();
    await expect(progress).toHaveCount(0);
  });
});
