// The guide that Nimbus began with, as somebody walks it who has never seen it: the seeded integration, its method,
// its output variable, the runbook, and a question asked on a ticket.
import { expect, picture, test } from "./fixtures.mjs";

test.use({ workspace: "worked-example" });

const QUESTION = "Outlook asks for the password again and again since the mailbox was moved. What should I check first?";

test("from the sign-in link to the answer on the ticket", async ({ page, nimbus }) => {
  const main = page.getByRole("main");
  const places = page.getByRole("navigation", { name: "Main" });

  await test.step("the link that the start prints signs in", async () => {
    await page.goto(nimbus.signInLink);
    await expect(page.getByRole("heading", { name: "Desk", level: 1 })).toBeVisible();
    await expect(page).not.toHaveURL(/sign-in/);
  });

  await test.step("the integration says where its requests go and what they carry", async () => {
    await places.getByRole("link", { name: "Integrations" }).click();
    await page.getByRole("link", { name: "Completions" }).click();
    await expect(page.getByLabel("Base URL")).toHaveValue("<<halo_url>>/demo/v1");
    await expect(page.getByLabel("Authorization")).toHaveValue("bearer");
    await expect(page.getByLabel("Token", { exact: true })).toHaveValue("");
    await expect(main).toContainText("Stored. Type to replace it.");
    const meaning = page.getByRole("complementary", { name: "What it means" });
    await expect(meaning).toContainText(`${nimbus.url}/demo/v1/…`);
    await expect(meaning).toContainText("Authorization: Bearer ••••••");
  });

  await test.step("its method answers a test", async () => {
    await page.getByRole("tab", { name: /Methods/ }).click();
    await page.getByRole("link", { name: "Post Completions" }).click();
    await expect(page.getByLabel("HTTP method")).toHaveValue("POST");
    await expect(page.getByLabel("Endpoint")).toHaveValue("/completions");
    await expect(main).toContainText("https://api.openai.com/v1");

    await page.getByRole("button", { name: "Send test" }).click();
    await expect(main).toContainText("Type a sample value for Prompt above.");
    await page.getByLabel("Prompt", { exact: true }).fill(QUESTION);
    await page.keyboard.press("Control+Enter");
    const result = page.getByRole("region", { name: "Result" });
    await expect(result).toContainText("200 OK");
    await expect(result).toContainText("text_completion");
    await result.getByRole("tab", { name: "Request" }).click();
    await expect(result).toContainText("Bearer ••••••");
    await expect(result).not.toContainText("sk-example");
  });

  await test.step("the output variable takes its value, and another one as its path is typed", async () => {
    await page.getByRole("tab", { name: /Output variables/ }).click();
    const path = page.getByLabel("Path of output variable 1");
    const row = page.getByRole("group", { name: "Output variables" });
    await expect(path).toHaveValue("response^choices[0]^text!");
    await expect(row).toContainText(`You asked: “${QUESTION}”`);

    await path.fill("response^usage");
    await expect(row).toContainText('{"completion_tokens":');
    await path.press("End");
    await path.pressSequentially("^prompt_tokens");
    await expect(row.getByText("18", { exact: true })).toBeVisible();
    await expect(row).toContainText("a number");

    await path.fill("response^choises[0]^text!");
    await expect(row).toContainText("no choises; there is choices");
    await picture(page, "story-path-finds-nothing");
    await row.getByRole("button", { name: "response^choices[0]^text!" }).click();
    await expect(row).toContainText("You asked:");

    await expect(page.getByRole("button", { name: "Save", exact: true })).toBeDisabled();
  });

  await test.step("the runbook shows its steps and where their ways lead", async () => {
    await places.getByRole("link", { name: "Runbooks" }).click();
    await page.getByRole("link", { name: "Ask ChatGPT a Question" }).click();
    await expect(main).toContainText("Published, version 1");
    await page.getByRole("tab", { name: /Flow Chart/ }).click();
    const chart = page.getByRole("region", { name: "Flow chart" });
    for (const step of ["Start", "Ask Question", "Post ChatGPT Action to Ticket", "Answered", "Not answered"]) {
      await expect(chart.getByRole("button", { name: step }).first()).toBeVisible();
    }
    await chart.getByRole("button", { name: /^Ask Question/ }).click();
    await expect(page.getByLabel("Success leads to")).toHaveValue("post");
    await expect(page.getByLabel("Failure leads to")).toHaveValue("failed");
    await expect(page.getByLabel("Method", { exact: true })).toHaveValue("Completions · Post Completions");
  });

  await test.step("a question on a ticket is answered on the ticket, without a reload", async () => {
    await places.getByRole("link", { name: "Desk" }).click();
    await page.getByRole("row", { name: /Outlook keeps asking/ }).getByRole("link").click();
    await expect(page.getByRole("heading", { name: /Outlook keeps asking/, level: 1 })).toBeAttached();
    await page.evaluate(() => (window.isStillHere = true));

    await page.getByRole("button", { name: "Ask ChatGPT a Question" }).click();
    const dialog = page.getByRole("dialog", { name: "Ask ChatGPT a Question" });
    await dialog.getByLabel("Note").fill(QUESTION);
    await dialog.getByRole("button", { name: "Start" }).click();
    await expect(dialog).toBeHidden();

    const timeline = page.getByRole("region", { name: "Actions" });
    const answer = timeline.getByRole("listitem").filter({ hasText: `You asked: “${QUESTION}”` });
    await expect(answer).toBeInViewport();
    await expect(answer).toContainText("ChatGPT");
    await expect(timeline.getByRole("listitem").filter({ hasText: QUESTION })).toHaveCount(2);
    expect(await page.evaluate(() => window.isStillHere)).toBe(true);
    await page.mouse.move(0, 0);
    await picture(page, "story-ticket-answered");
    const { NIMBUS_SCREENSHOT } = process.env;
    if (NIMBUS_SCREENSHOT) await page.screenshot({ path: NIMBUS_SCREENSHOT, animations: "disabled" });
  });

  await test.step("the run shows what each step sent, got and set", async () => {
    await page.getByRole("complementary", { name: "Fields" }).getByRole("link", { name: "Ask ChatGPT a Question" }).click();
    await expect(main).toContainText("Succeeded");
    await expect(main).toContainText("Ticket 1001: Ask ChatGPT a Question");
    const steps = page.getByRole("region", { name: "Steps of this run" });
    await expect(steps.getByRole("link")).toHaveText([/Ask Question/, /Post ChatGPT Action to Ticket/, /Answered/]);
    await steps.getByRole("link", { name: /Ask Question/ }).click();
    await expect(main).toContainText(`POST ${nimbus.url}/demo/v1/completions`);
    await expect(page.getByRole("row", { name: /ResponseText/ }).first()).toContainText("You asked:");
    await expect(page).toHaveURL(/visit=1/);
    await picture(page, "story-run");
  });
});

test("a real service takes the place of the demo, and while it thinks the ticket shows progress", async ({ page, nimbus, stub }) => {
  const release = stub.hold("POST", "/v1/completions", () => ({ body: { choices: [{ text: "Remove \"EnableADAL\"\nand restart Outlook." }] } }));
  await page.goto(await nimbus.newSignInLink());

  await test.step("the method says where the address and the key belong", async () => {
    await page.getByRole("link", { name: "Integrations" }).click();
    await page.getByRole("link", { name: "Completions" }).click();
    await page.getByRole("tab", { name: /Methods/ }).click();
    await page.getByRole("link", { name: "Post Completions" }).click();
    await page.getByRole("link", { name: "set the base URL" }).click();
    await page.getByLabel("Base URL").fill(`${stub.url}/v1`);
    await page.getByLabel("Token", { exact: true }).fill("sk-of-the-real-service");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByRole("main")).toContainText("Saved");
  });

  await test.step("a changed address counts from the next publishing on", async () => {
    await page.getByRole("link", { name: "Runbooks" }).click();
    await page.getByRole("link", { name: "Ask ChatGPT a Question" }).click();
    await page.getByRole("button", { name: "Publish" }).click();
    await expect(page.getByRole("main")).toContainText("Published, version 2");
  });

  await test.step("the ticket shows the run in progress, in place of the answer to come", async () => {
    await page.goto("/desk/tickets/1002");
    await page.getByRole("button", { name: "Ask ChatGPT a Question" }).click();
    const dialog = page.getByRole("dialog", { name: "Ask ChatGPT a Question" });
    await dialog.getByLabel("Note").fill("Why does scanning fail with 0x80070035?");
    await dialog.getByLabel("Note").press("Control+Enter");
    const timeline = page.getByRole("region", { name: "Actions" });
    const progress = timeline.getByText(/Ask ChatGPT a Question · Ask Question/);
    await expect(progress).toBeInViewport();
    await picture(page, "story-ticket-in-progress");

    await page.evaluate(() => (window.isStillHere = true));
    release();
    await expect(timeline.getByText('Remove "EnableADAL"')).toBeInViewport();
    await expect(progress).toHaveCount(0);
    expect(await page.evaluate(() => window.isStillHere)).toBe(true);
  });

  const [request] = stub.requests;
  expect(stub.requests).toHaveLength(1);
  expect(request.headers.authorization).toBe("Bearer sk-of-the-real-service");
  expect(JSON.parse(request.body).prompt).toBe("Why does scanning fail with 0x80070035?");
});
