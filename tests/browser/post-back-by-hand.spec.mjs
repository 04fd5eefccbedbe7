// The guide's own way of bringing the answer back: the desk is an API like any other, so an integration to the own
// instance and a method with a JSON body post the action, with the ticket's id and what the method before it found.
import { choose, expect, nameIt, picture, saved, signIn, test } from "./fixtures.mjs";

test.use({ workspace: "post-back-by-hand" });

const QUESTION = "How do I enrol a rugged tablet?";

test("a method of one's own posts the answer to the ticket", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  const places = page.getByRole("navigation", { name: "Main" });
  await signIn(page, nimbus);

  await test.step("an integration to this desk", async () => {
    await places.getByRole("link", { name: "Integrations" }).click();
    await page.getByRole("button", { name: "New integration" }).click();
    await nameIt(page, "Halo API");

    await page.getByLabel("Base URL").fill(`${nimbus.url}/api`);
    await page.getByRole("button", { name: "Use <<halo_url>>/api" }).click();
    await expect(page.getByLabel("Base URL")).toHaveValue("<<halo_url>>/api");
    await page.getByLabel("Authorization").selectOption("This desk");
    const meaning = page.getByRole("complementary", { name: "What it means" });
    await expect(meaning).toContainText("answered by this deployment itself");
    await page.getByLabel("Scope").fill("edit:tickets");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await saved(page);
  });

  await test.step("a method that posts an action", async () => {
    await page.getByRole("tab", { name: /Methods/ }).click();
    await page.getByRole("button", { name: "New method" }).click();
    await nameIt(page, "Post the answer");
    await page.getByLabel("HTTP method").selectOption("POST");
    await page.getByLabel("Endpoint").fill("/Actions");
    await page.getByRole("tab", { name: "Body" }).click();
    await choose(page, "Kind of body", "JSON");
    await page
      .getByLabel("JSON body", { exact: true })
      .fill('[{"ticket_id": <<TicketId>>, "outcome": "By hand", "note_html": "<<ResponseText>>"}]');
  });

  await test.step("a test of it writes on the desk, and a click on its answer makes an output variable", async () => {
    await page.getByLabel("TicketId", { exact: true }).fill("1002");
    await page.getByLabel("ResponseText", { exact: true }).fill('A "test" in quotes');
    await page.getByText("With the sample values").click();
    await expect(page.getByRole("tabpanel", { name: /Body/ }).first()).toContainText('A \\"test\\" in quotes');
    await page.getByRole("button", { name: "Send test" }).click();
    const result = page.getByRole("region", { name: "Result" });
    await expect(result).toContainText("201 Created");
    await picture(page, "story-method-tested");
    await result.getByText('"id"').first().click();
    await expect(result).toContainText("response^id");
    await result.getByRole("button", { name: "Make output variable" }).click();
    const outputs = page.getByRole("group", { name: "Output variables" });
    await expect(page.getByLabel("Path of output variable 1")).toHaveValue("response^id");
    await expect(outputs).toContainText("a number");
    await page.getByLabel("Name of output variable 1").fill("ActionId");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await saved(page);
  });

  const chart = page.getByRole("region", { name: "Flow chart" });
  await test.step("in the runbook it takes the place of the step that is there", async () => {
    await places.getByRole("link", { name: "Runbooks" }).click();
    await page.getByRole("link", { name: "Ask ChatGPT a Question" }).click();
    await page.getByRole("tab", { name: /Flow Chart/ }).click();
    await chart.getByRole("button", { name: /^Post ChatGPT Action to Ticket/ }).click();
    await page.getByRole("complementary", { name: "Selected step" }).getByRole("button", { name: "Delete", exact: true }).click();
    await expect(chart.locator("[data-step]")).toHaveCount(3);
    // What led to it leads on to what came after it.
    await expect(chart.getByRole("button", { name: /^Ask Question/ })).toHaveAccessibleName(/success leads to \d+ Answered/);

    const asks = chart.locator("[data-step=ask]");
    await asks.getByRole("button", { name: "Way out: success" }).click();
    await page.getByRole("menuitem", { name: "Add a step here" }).click();
    const palette = page.getByRole("dialog", { name: "Add a step" });
    await palette.getByLabel("Search what to add").fill("halo answer");
    await palette.getByRole("button", { name: /Post the answer/ }).click();
    await expect(page.getByLabel("Method", { exact: true })).toHaveValue("Halo API · Post the answer");
    await page.getByLabel("Success leads to").selectOption("Answered");
    await page.getByLabel("Failure leads to").selectOption("Not answered");
    await page.getByText("Variables that can be used here").click();
    await expect(page.getByRole("complementary", { name: "Selected step" })).toContainText("<<ResponseText>>");
    await picture(page, "story-runbook-by-hand");
  });

  await test.step("published, it runs", async () => {
    await page.getByRole("button", { name: "Publish" }).click();
    await expect(main).toContainText("Published, version 2");
    await expect(chart.locator(".step-card-problem")).toHaveCount(0);
  });

  await test.step("the answer stands on the ticket, posted by hand", async () => {
    await places.getByRole("link", { name: "Desk" }).click();
    await page.getByRole("row", { name: /New starter/ }).getByRole("link").click();
    await page.getByRole("button", { name: "Ask ChatGPT a Question" }).click();
    const dialog = page.getByRole("dialog", { name: "Ask ChatGPT a Question" });
    await dialog.getByLabel("Note").fill(QUESTION);
    await dialog.getByRole("button", { name: "Start" }).click();
    const answer = page.getByRole("region", { name: "Actions" }).getByRole("listitem").filter({ hasText: "By hand" });
    await expect(answer).toContainText(`You asked: “${QUESTION}”`);
    await picture(page, "story-posted-by-hand");
  });

  const [posted] = (await nimbus.call("GET", "/api/Actions?ticket_id=1003")).actions.filter(({ outcome }) => outcome === "By hand");
  const runs = await nimbus.call("GET", "/console/runs");
  const run = await nimbus.call("GET", `/console/runs/${runs.items[0].run_id}`);
  expect(run.visits.at(-2).variables).toContainEqual({ name: "ActionId", value: String(posted.id) });
});
