// Nothing that one writes is lost silently, and nothing that one does on the chart is final.
import { expect, nameIt, picture, saved, signIn, test } from "./fixtures.mjs";

test.use({ workspace: "editing" });

const INTEGRATION = "/integrations/0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0001";
const METHOD = `${INTEGRATION}/methods/0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0011`;
const RUNBOOK = "/runbooks/0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0100";

test.beforeEach(({ page, nimbus }) => signIn(page, nimbus));

test("unsaved changes are kept until one says otherwise", async ({ page }) => {
  const question = page.getByRole("dialog", { name: "Discard your changes?" });
  const baseUrl = page.getByLabel("Base URL");
  await page.goto("/integrations");
  await page.getByRole("link", { name: "Completions" }).click();
  await baseUrl.fill("https://api.example.com/v1");
  await expect(page.getByRole("main")).toContainText("Unsaved changes");

  await test.step("a link asks first, and one may stay", async () => {
    await page.getByRole("link", { name: "Runs" }).click();
    await expect(question).toBeVisible();
    await picture(page, "story-unsaved");
    await question.getByRole("button", { name: "Stay" }).click();
    await expect(page).toHaveURL(INTEGRATION);
    await expect(baseUrl).toHaveValue("https://api.example.com/v1");
  });

  await test.step("so does the browser's way back", async () => {
    await page.goBack();
    await expect(question).toBeVisible();
    await question.getByRole("button", { name: "Stay" }).click();
    await expect(page).toHaveURL(INTEGRATION);
    await expect(baseUrl).toHaveValue("https://api.example.com/v1");
  });

  await test.step("a reload asks in the browser's own words", async () => {
    const asked = page.waitForEvent("dialog");
    const reloading = page.reload().catch(() => "stayed");
    const dialog = await asked;
    expect(dialog.type()).toBe("beforeunload");
    await dialog.dismiss();
    expect(await Promise.race([reloading, expect(baseUrl).toHaveValue("https://api.example.com/v1")])).not.toBeNull();
  });

  await test.step("another tab of the same page keeps them", async () => {
    await page.getByRole("tab", { name: /Methods/ }).click();
    await page.getByRole("tab", { name: "Details" }).click();
    await expect(baseUrl).toHaveValue("https://api.example.com/v1");
  });

  await test.step("who wants to leave without them, leaves", async () => {
    await page.getByRole("link", { name: "Runs" }).click();
    await question.getByRole("button", { name: "Discard" }).click();
    await expect(page.getByRole("heading", { name: "Runs", level: 1 })).toBeVisible();
    await page.goBack();
    await expect(baseUrl).toHaveValue("<<halo_url>>/demo/v1");
  });
});

test.describe("two who save the same thing", () => {
  test.use({ expectedStatuses: [412] });

  for (const [what, { address, field }] of Object.entries({
    integration: { address: INTEGRATION, field: (page) => page.getByLabel("Prefix") },
    method: { address: METHOD, field: (page) => page.getByLabel("Endpoint") },
    runbook: { address: `${RUNBOOK}?tab=chart&step=ask`, field: (page) => page.getByLabel("Name", { exact: true }).last() },
  })) {
    test(`the second one chooses: ${what}`, async ({ page, context }) => {
      const other = await context.newPage();
      const question = other.getByRole("dialog", { name: "Somebody else saved this" });
      const save = async (who, text) => {
        await field(who).fill(text);
        await who.keyboard.press("Control+s");
      };
      await page.goto(address);
      await other.goto(address);
      await expect(field(other)).toBeVisible();
      const before = await field(page).inputValue();

      await save(page, `${before}-mine`);
      await saved(page);
      await save(other, `${before}-theirs`);
      await expect(question).toBeVisible();
      if (what === "method") await picture(other, "story-somebody-else-saved");
      await question.getByRole("button", { name: "Decide later" }).click();
      await expect(field(other)).toHaveValue(`${before}-theirs`);
      await other.keyboard.press("Control+s");
      await question.getByRole("button", { name: "Take theirs" }).click();
      await expect(field(other)).toHaveValue(`${before}-mine`);
      await saved(other);

      await save(page, `${before}-again`);
      await saved(page);
      await save(other, before);
      await question.getByRole("button", { name: "Keep mine" }).click();
      await saved(other);
      await page.reload();
      await expect(field(page)).toHaveValue(before);
    });
  }
});

test("what one looks at is in the address, and a reload shows it again", async ({ page }) => {
  await test.step("the tickets that one searched for", async () => {
    await page.goto("/desk");
    await page.getByLabel("Search tickets").fill("copier");
    await expect(page.getByRole("row")).toHaveCount(2);
    await expect(page).toHaveURL("/desk?search=copier");
    await page.reload();
    await expect(page.getByLabel("Search tickets")).toHaveValue("copier");
    await expect(page.getByRole("row", { name: /copier/ })).toBeVisible();
    await expect(page.getByRole("row")).toHaveCount(2);
    await page.getByLabel("Search tickets").fill("there is no such ticket");
    await expect(page.getByRole("main")).toContainText("No ticket matches");
  });

  await test.step("the tab of a method", async () => {
    await page.goto(METHOD);
    await page.getByRole("tab", { name: /Headers/ }).click();
    await expect(page).toHaveURL(`${METHOD}?tab=headers`);
    await page.reload();
    await expect(page.getByRole("tab", { name: /Headers/ })).toHaveAttribute("aria-selected", "true");
  });

  await test.step("the step of a runbook", async () => {
    await page.goto(`${RUNBOOK}?tab=chart`);
    await page.getByRole("region", { name: "Flow chart" }).getByRole("button", { name: /^Not answered/ }).click();
    await expect(page).toHaveURL(/step=failed/);
    await page.reload();
    await expect(page.getByLabel("Name", { exact: true }).last()).toHaveValue("Not answered");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Close" }).click();
    await expect(page).not.toHaveURL(/step=/);
  });
});

test("the chart is edited with the mouse, and every edit can be taken back", async ({ page }) => {
  const chart = page.getByRole("region", { name: "Flow chart" });
  const canvas = chart.locator(".chart-canvas");
  const card = (id) => chart.locator(`[data-step=${id}]`);
  const undo = page.getByRole("button", { name: /^Undo/ });
  const redo = page.getByRole("button", { name: /^Redo/ });
  const place = (id) => card(id).evaluate(({ style }) => [style.left, style.top]);
  const leadsTo = async (id, words) => expect(card(id).getByRole("button").first()).toHaveAccessibleName(words);
  const drag = async (from, to) => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
  };
  const middle = async (target) => {
    const { x, y, width, height } = await target.boundingBox();
    return { x: x + width / 2, y: y + height / 2 };
  };

  await page.goto(`${RUNBOOK}?tab=chart`);
  await expect(card("ask")).toBeVisible();
  await expect(undo).toBeDisabled();

  await test.step("a card is dragged", async () => {
    const before = await place("failed");
    const from = await middle(card("failed"));
    await drag(from, { x: from.x - 60, y: from.y + 90 });
    const after = await place("failed");
    expect(after).not.toEqual(before);
    await expect(undo).toHaveAccessibleName("Undo: Move Not answered");
    await undo.click();
    expect(await place("failed")).toEqual(before);
    await redo.click();
    expect(await place("failed")).toEqual(after);
    await undo.click();
  });

  await test.step("a way out is dragged to another card", async () => {
    const port = card("ask").getByRole("button", { name: "Way out: failure" });
    await drag(await middle(port), await middle(card("done")));
    await leadsTo("ask", /failure leads to \d+ Answered/);
    await expect(page.getByRole("menu")).toBeHidden();
    await undo.click();
    await leadsTo("ask", /failure leads to \d+ Not answered/);
  });

  await test.step("dragged to empty ground, it asks what to put there", async () => {
    const port = card("post").getByRole("button", { name: "Way out: failure" });
    const from = await middle(port);
    await drag(from, { x: from.x, y: from.y + 220 });
    const palette = page.getByRole("dialog", { name: "Add a step" });
    await palette.getByRole("button", { name: /Condition/ }).click();
    await leadsTo("post", /failure leads to \d+ Condition/);
    await expect(chart.locator("[data-step]")).toHaveCount(5);
  });

  await test.step("a problem stands on its step, and its line leads there", async () => {
    await page.getByRole("button", { name: "Close" }).click();
    await expect(chart.locator("[data-step^=condition] .step-card-problem")).toContainText("problem");
    await page.locator("details.problems summary").click();
    await page.locator("details.problems").getByRole("button", { name: "Condition" }).first().click();
    await expect(page.getByRole("complementary", { name: "Selected step" })).toContainText("leads nowhere");
  });

  await test.step("deleted, and brought back", async () => {
    await page.getByRole("complementary", { name: "Selected step" }).getByRole("button", { name: "Delete" }).click();
    await expect(chart.locator("[data-step]")).toHaveCount(4);
    await undo.click();
    await expect(chart.locator("[data-step]")).toHaveCount(5);
    await undo.click();
    await expect(chart.locator("[data-step]")).toHaveCount(4);
    await leadsTo("post", /failure leads to \d+ Not answered/);
    await expect(page.getByRole("main").getByText("Saved", { exact: true })).toBeVisible();
  });

  await test.step("one looks nearer, further, elsewhere, and at all of it", async () => {
    const zoom = chart.locator(".chart-zoom");
    await page.getByRole("button", { name: "Show all" }).click();
    const fitted = await zoom.innerText();
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.getByRole("button", { name: "Zoom in" }).click();
    await expect(zoom).not.toHaveText(fitted);
    const { x, y, width, height } = await canvas.boundingBox();
    const before = await middle(card("ask"));
    await drag({ x: x + width / 2, y: y + height - 40 }, { x: x + width / 2 + 120, y: y + height - 90 });
    const after = await middle(card("ask"));
    expect(Math.round(after.x - before.x)).toBe(120);
    expect(Math.round(after.y - before.y)).toBe(-50);
    await page.keyboard.down("Control");
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.wheel(0, 200);
    await page.keyboard.up("Control");
    await page.getByRole("button", { name: "Show all" }).click();
    await expect(zoom).toHaveText(fitted);
    for (const id of ["ask", "post", "done", "failed"]) await expect(card(id)).toBeInViewport({ ratio: 0.99 });
  });

  await test.step("as a list", async () => {
    await page.getByRole("button", { name: "Show as a list" }).click();
    const list = page.getByRole("list", { name: "Steps in the order in which they run" });
    await expect(list.getByRole("button")).toHaveText([/Ask Question/, /Post ChatGPT/, /Not answered/, /Answered/]);
    await list.getByRole("button", { name: /Post ChatGPT/ }).click();
    await expect(page.getByLabel("Success leads to")).toHaveValue("done");
    await picture(page, "story-as-a-list");
  });
});

test.describe("what is deleted", () => {
  // The answer to deleting what is still used.
  test.use({ expectedStatuses: [409] });

  test("can be brought back, and what is used stays", async ({ page, nimbus }) => {
    const main = page.getByRole("main");
    const news = page.getByRole("region", { name: "News" });
    const more = async (command) => {
      await page.getByRole("button", { name: "More", exact: true }).click();
      await page.getByRole("menuitem", { name: command }).click();
    };

    await test.step("an integration that a runbook uses", async () => {
      await page.goto(INTEGRATION);
      await more("Delete integration");
      await expect(main).toContainText("Not deleted.");
      await expect(main).toContainText("Ask ChatGPT a Question");
      await picture(page, "story-not-deleted");
    });

    const deleteRunbook = async () => {
      await more("Delete runbook");
      const question = page.getByRole("dialog", { name: "Delete Ask ChatGPT a Question?" });
      await question.getByRole("button", { name: "Delete" }).click();
    };

    await test.step("a runbook that an action on tickets starts", async () => {
      await page.goto(`${RUNBOOK}?tab=details`);
      await more("Delete runbook");
      await expect(main).toContainText("Not deleted.");
      await expect(page.getByRole("dialog")).toHaveCount(0);
      await expect(main).toContainText("Ask ChatGPT a Question");
    });

    await test.step("the action", async () => {
      await page.getByRole("button", { name: "Delete the action Ask ChatGPT a Question" }).click();
      await expect(main).toContainText("No action starts it yet.");
      await news.getByRole("button", { name: "Undo" }).click();
      const again = page.getByRole("button", { name: "Delete the action Ask ChatGPT a Question" });
      await again.click();
      await expect(main).toContainText("No action starts it yet.");
      await news.getByRole("button", { name: "Dismiss" }).click();
    });

    await test.step("a runbook that only another one starts is not asked about", async () => {
      const end = (id, outcome) => ({ id, name: id, type: "end", outcome, at: [0, 0] });
      const started = RUNBOOK.split("/").pop();
      await nimbus.call("POST", "/console/import", {
        format: "nimbus.bundle/1",
        runbooks: [
          {
            id: "asks-others",
            name: "Asks others",
            enabled: false,
            start: { access: "desk" },
            first_step: "ask",
            steps: [
              { id: "ask", name: "Ask", type: "start_runbook", runbook: started, wait: true, at: [0, 0], next: { success: "done", failure: "failed" } },
              end("done", "success"),
              end("failed", "failed"),
            ],
          },
        ],
      });
      await page.reload();
      await more("Delete runbook");
      await expect(main).toContainText("Not deleted.");
      await expect(main).toContainText("Asks others");
      await expect(page.getByRole("dialog")).toHaveCount(0);
      await nimbus.call("DELETE", "/console/runbooks/asks-others");
    });

    await test.step("the runbook", async () => {
      await deleteRunbook();
      await expect(main).toContainText("No runbooks yet");
      await expect(news).toContainText("Deleted Ask ChatGPT a Question");
      await picture(page, "story-deleted");
      await news.getByRole("button", { name: "Undo" }).click();
      await expect(page).toHaveURL(RUNBOOK);
      await expect(page.getByLabel("Name", { exact: true }).first()).toHaveValue("Ask ChatGPT a Question");
    });
  });
});

test("a runbook that is being deleted goes from the list that is shown by then, and its question with its page", async ({ page, nimbus }) => {
  await nimbus.call("POST", "/console/import", {
    format: "nimbus.bundle/1",
    runbooks: [
      {
        id: "goes-by-itself",
        name: "Goes by itself",
        enabled: false,
        start: { access: "desk" },
        first_step: "done",
        steps: [{ id: "done", name: "Done", type: "end", outcome: "success", at: [0, 0] }],
      },
    ],
  });
  const main = page.getByRole("main");
  const link = main.getByRole("link", { name: "Goes by itself" });
  const question = page.getByRole("dialog", { name: "Delete Goes by itself?" });
  const ask = async () => {
    await link.click();
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Delete runbook" }).click();
    await expect(question).toBeVisible();
  };
  const heading = page.getByRole("heading", { name: "Runbooks", level: 1 });
  await page.goto("/runbooks");

  await test.step("the way back closes the question", async () => {
    await ask();
    await page.goBack();
    await expect(heading).toBeVisible();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(link).toBeVisible();
  });

  await test.step("the list is read again when the answer comes, and whoever is there stays", async () => {
    let answer;
    const held = new Promise((resolve) => (answer = resolve));
    let asked = false;
    await page.route("**/console/runbooks/goes-by-itself", async (route) => {
      if (route.request().method() === "DELETE") {
        asked = true;
        await held;
      }
      return route.continue();
    });
    await ask();
    await question.getByRole("button", { name: "Delete" }).click();
    await expect.poll(() => asked).toBe(true);
    await page.goBack();
    await expect(heading).toBeVisible();
    await expect(link).toBeVisible();
    answer();
    await expect(page.getByRole("region", { name: "News" })).toContainText("Deleted Goes by itself");
    await expect(link).toHaveCount(0);
    await page.getByRole("region", { name: "News" }).getByRole("button", { name: "Undo" }).click();
    await expect(page).toHaveURL(/\/runbooks\/goes-by-itself/);
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Runbooks" }).click();
    await expect(link).toBeVisible();
  });
});

test("whoever leaves while something is created is not called back to it", async ({ page, nimbus }) => {
  let answer;
  const held = new Promise((resolve) => (answer = resolve));
  let asked = false;
  await page.route("**/console/event-triggers", async (route) => {
    if (route.request().method() === "POST") {
      asked = true;
      await held;
    }
    return route.continue();
  });
  await page.goto("/settings/new-event");
  await nameIt(page, "Left behind");
  await page.getByLabel("Event", { exact: true }).selectOption("Action Added");
  await page.getByLabel("Runbook", { exact: true }).selectOption(RUNBOOK.split("/").at(-1));
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect.poll(() => asked).toBe(true);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Runbooks" }).click();
  await page.getByRole("dialog", { name: "Discard your changes?" }).getByRole("button", { name: "Discard" }).click();
  await expect(page.getByRole("heading", { name: "Runbooks", level: 1 })).toBeVisible();
  answer();
  await expect(page.getByRole("status").filter({ hasText: "Saved" })).toHaveCount(1);
  await expect(page).toHaveURL("/runbooks");
  await expect(page.getByRole("heading", { name: "Runbooks", level: 1 })).toBeVisible();
  const made = (await nimbus.call("GET", "/console/event-triggers")).items.filter(({ name }) => name === "Left behind");
  expect(made).toHaveLength(1);
  await nimbus.call("DELETE", `/console/event-triggers/${made[0].id}`);
});
