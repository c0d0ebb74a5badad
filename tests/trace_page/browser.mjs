// The trace pages in this folder in a headless browser; check.sh makes them. KITH_BROWSER is the program of the browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const evil_table = "<img src=x onerror=alert(1)>";
const evil_value = "</script><img src=x onerror=alert(2)>";
let browser;

before(async () => {
    const launch = (args) => chromium.launch({ executablePath: process.env.KITH_BROWSER, args });
    // Root has no sandbox, and neither have users in many containers; the pages are our own.
    const is_root = process.getuid() === 0;
    browser = is_root ? await launch(["--no-sandbox"]) : await launch([]).catch(() => launch(["--no-sandbox"]));
});
after(() => browser.close());

/** A test of one page, which also fails on dialogs, console messages, errors, and requests for anything but the page. */
function page_test(name, file, options, body) {
    test(name, async () => {
        const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ...options });
        const page = await context.newPage();
        const noises = [];
        page.on("dialog", (dialog) => { noises.push(`dialog: ${dialog.message()}`); return dialog.dismiss(); });
        page.on("console", (message) => noises.push(`console: ${message.text()}`));
        page.on("pageerror", (error) => noises.push(`error: ${error.message}`));
        const url = pathToFileURL(file).href;
        page.on("request", (request) => {
            if (request.url() !== url && !request.url().startsWith("data:")) noises.push(`request: ${request.url()}`);
        });
        await page.goto(url);
        await body(page, noises);
        assert.deepEqual(noises, []);
        await context.close();
    });
}

const rows = (page) => page.locator("#rows > tr");
const texts = async (locator) => (await locator.allInnerTexts()).map((text) => text.replaceAll("\n", " "));
const figure = (page, name) => page.locator("#summary > div").filter({ has: page.getByText(name, { exact: true }) }).locator(".figure").innerText();
const focused = (page) => page.evaluate(() => document.activeElement.innerText.replaceAll("\n", " "));
const count_of = (page, text) => assert_text(page.locator("#count"), text);

async function assert_text(locator, expected) {
    assert.equal((await locator.innerText()).trim(), expected);
}

page_test("title and summary say what ran", "fetch.html", {}, async (page) => {
    const title = `kith fetch ${evil_table} --prefetch author`;
    await assert_text(page.getByRole("heading", { level: 1 }), title);
    assert.equal(await page.title(), `${title} · Kith trace`);
    assert.equal(await figure(page, "Statements"), "5");
    assert.equal(await figure(page, "Rows"), "24");
    assert.equal(await figure(page, "Findings"), "0");
    assert.match(await figure(page, "Time in statements"), /^[\d.,]+ ?(µs|ms|s)$/);
    await page.getByText("Nothing was loaded row by row").waitFor();
    assert.match((await texts(page.locator("#paths tbody tr")))[0], /^main statement\s+1\s+12\s/);
    assert.match((await texts(page.locator("#paths tbody tr")))[1], /^author\s+4\s+12\s/);
});

page_test("markup in names, values and SQL is text", "fetch.html", {}, async (page) => {
    assert.equal(await page.locator("img, iframe, object, embed, base").count(), 0);
    assert.equal(await page.locator("script").count(), 2);
    await rows(page).filter({ hasText: "main statement" }).click();
    await assert_text(page.locator("#detail .parameters li").first(), `'${evil_value}'`);
    assert.ok((await page.locator("#detail .sql").innerText()).includes(`FROM "${evil_table}"`));
});

page_test("equal statements are one row, which unfolds", "fetch.html", {}, async (page) => {
    assert.equal(await rows(page).count(), 3, "author, the main statement, transaction control");
    const author = rows(page).first();
    assert.match(await author.innerText(), /author\s*× 4/);
    assert.equal(await author.getAttribute("aria-expanded"), "false");
    await author.locator(".fold").click();
    assert.equal(await author.getAttribute("aria-expanded"), "true");
    assert.equal(await page.locator("#rows > tr.run").count(), 4);
    assert.match(await page.locator("#rows > tr.run").nth(1).innerText(), /2 <3 keys: /);
    await author.locator(".fold").click();
    assert.equal(await page.locator("#rows > tr.run").count(), 0);
});

page_test("order, search and filters choose statements", "fetch.html", {}, async (page) => {
    await count_of(page, "5 statements");
    await page.getByLabel("Order").selectOption("start");
    assert.match(await rows(page).first().innerText(), /main statement/);
    const search = page.getByRole("searchbox", { name: "Search" });
    await search.fill("onerror=alert(2)");
    await count_of(page, "1 of 5 statements");
    assert.equal(await rows(page).count(), 1);
    await search.fill("no such thing");
    await page.getByText("No statement is like that.").waitFor();
    await page.getByRole("button", { name: "Show all" }).click();
    await count_of(page, "5 statements");
    await page.getByLabel("only repeated").check();
    await count_of(page, "4 of 5 statements");
    await page.getByLabel("only repeated").uncheck();
    const path = page.getByRole("button", { name: "main statement" });
    await path.click();
    assert.equal(await path.getAttribute("aria-pressed"), "true");
    await count_of(page, "1 of 5 statements");
    await path.click();
    await count_of(page, "5 statements");
});

page_test("the keyboard alone is enough", "findings.html", {}, async (page) => {
    const keyboard = page.keyboard;
    await keyboard.press("Tab");
    assert.equal(await focused(page), "To the statements");
    await keyboard.press("Enter");
    for (const name of ["search", "order", "repeated"]) {
        await keyboard.press("Tab");
        assert.equal(await page.evaluate(() => document.activeElement.id), name);
    }
    await keyboard.press("Tab");
    assert.match(await focused(page), /author × 70/);
    assert.equal(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "solid", "focus is seen");
    await keyboard.press("ArrowDown");
    assert.match(await focused(page), /main statement/);
    await keyboard.press("ArrowUp");
    await keyboard.press("ArrowRight");
    assert.equal(await page.locator("#rows > tr.run").count(), 50);
    await keyboard.press("ArrowRight");
    assert.match(await focused(page), /^1 1\b/);
    await assert_text(page.locator("#detail .parameters li"), "1");
    await keyboard.press("ArrowLeft");
    assert.match(await focused(page), /author × 70/);
    for (let i = 0; i < 51; ++i) await keyboard.press("ArrowDown");
    assert.match(await focused(page), /20 more runs/);
    await keyboard.press("Enter");
    assert.equal(await page.locator("#rows > tr.run").count(), 70);
    assert.match(await focused(page), /^51 51\b/);
    await keyboard.press("Home");
    await keyboard.press("Enter");
    assert.equal(await page.locator("#rows > tr.run").count(), 0);
    await keyboard.press("End");
    assert.match(await focused(page), /transaction control/);
    await keyboard.press("/");
    await keyboard.type("nowhere");
    await count_of(page, "1 of 72 statements");
    await keyboard.press("Escape");
    await count_of(page, "72 statements");
});

page_test("findings come with their remedy", "findings.html", {}, async (page) => {
    await assert_text(page.getByRole("heading", { level: 1 }), "</script><img src=x onerror=alert(3)>");
    const finding = page.getByRole("article");
    assert.equal(await finding.count(), 1);
    assert.match(await finding.innerText(), /Book\.author loaded row by row\s+70 rows, 70 statements\. Add to the QuerySet that loads Book:/);
    await assert_text(finding.locator(".remedy code"), '.select_related("author")');
    await finding.getByRole("button", { name: "Show the statements" }).click();
    await count_of(page, "70 of 72 statements");
    assert.match(await focused(page), /author × 70/);
});

page_test("transactions and failures are shown", "findings.html", {}, async (page) => {
    const control = rows(page).filter({ hasText: "transaction control" });
    assert.match(await control.innerText(), /BEGIN.*, COMMIT/);
    const failed = rows(page).filter({ hasText: "nowhere" });
    assert.match(await failed.innerText(), /failed/);
    await failed.click();
    assert.ok((await page.locator("#detail .sql").innerText()).includes("'</script><img src=x onerror=alert(3)>'"));
    assert.equal(await page.locator("img").count(), 0);
});

page_test("values may be left out", "redacted.html", {}, async (page) => {
    assert.ok(!(await page.content()).includes("alert(2)"));
    await page.getByText("without the values of parameters").waitFor();
    assert.match(await page.locator("#detail .parameters").innerText(), /<redacted>/);
});

page_test("a trace of nothing says so", "empty.html", {}, async (page) => {
    await page.getByText("No statement ran while this trace was recorded.").waitFor();
    assert.equal(await figure(page, "Statements"), "0");
});

page_test("the page may not reach the network", "fetch.html", {}, async (page, noises) => {
    const refused = await page.evaluate(async () => {
        const directives = [];
        document.addEventListener("securitypolicyviolation", (event) => directives.push(event.effectiveDirective));
        await fetch("https://example.org/").catch(() => {});
        const picture = new Image();
        picture.src = "https://example.org/a.png";
        const script = document.createElement("script");
        script.textContent = "window.ran = true";
        document.body.append(picture, script);
        await new Promise((done) => setTimeout(done, 50));
        return { directives: directives.sort(), ran: window.ran };
    });
    assert.deepEqual(refused, { directives: ["connect-src", "img-src", "script-src-elem"], ran: undefined });
    assert.deepEqual(noises.filter((noise) => !noise.includes("Content Security Policy") && !noise.startsWith("request: https://example.org")), []);
    noises.length = 0;
});

/** The words on the page whose contrast to what lies behind them is below 4.5, the least that WCAG allows. */
function faint_words() {
    const channels = (color) => color.match(/[\d.]+/g).map(Number);
    const light = (color) => {
        const [r, g, b] = channels(color).slice(0, 3).map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const is_solid = (color) => channels(color)[3] === undefined || channels(color)[3] === 1;
    const behind = (element) => {
        while (element && !is_solid(getComputedStyle(element).backgroundColor)) element = element.parentElement;
        return element ? getComputedStyle(element).backgroundColor : "rgb(255, 255, 255)";
    };
    const faint = [];
    for (const element of document.body.querySelectorAll("*")) {
        const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
        if (!own || !element.checkVisibility({ visibilityProperty: true }) || element.closest("script, style")) continue;
        const [a, b] = [light(getComputedStyle(element).color), light(behind(element))].sort((x, y) => y - x);
        const contrast = (a + 0.05) / (b + 0.05);
        if (contrast < 4.5) faint.push(`${element.textContent.trim().slice(0, 40)}: ${contrast.toFixed(2)}`);
    }
    return faint;
}

for (const scheme of ["light", "dark"]) {
    page_test(`every word can be read when it is ${scheme}`, "findings.html", { colorScheme: scheme }, async (page) => {
        const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number));
        assert.equal(paper.every((channel) => channel > 200), scheme === "light");
        assert.equal(paper.every((channel) => channel < 60), scheme === "dark");
        await rows(page).first().locator(".fold").click();
        assert.deepEqual(await page.evaluate(faint_words), []);
    });
}

for (const file of ["findings.html", "fetch.html"]) {
    page_test(`${file} fits a phone`, file, { viewport: { width: 360, height: 740 }, hasTouch: true }, async (page) => {
        const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
        assert.ok(await fits());
        // The click that follows a tap takes its time: wait for what it does.
        await rows(page).first().locator(".badge").tap();
        await page.locator("#rows > tr.run").nth(3).waitFor();
        assert.ok(await fits());
        const sheet = page.locator("#detail");
        assert.ok(!(await sheet.isVisible()));
        await page.locator("#rows > tr.run").first().tap();
        await sheet.waitFor({ state: "visible" });
        assert.ok(await fits());
        await sheet.getByRole("button", { name: "Close" }).tap();
        await sheet.waitFor({ state: "hidden" });
    });
}

page_test("assistive technology finds a tree grid", "findings.html", {}, async (page) => {
    const grid = page.getByRole("treegrid", { name: "Statements" });
    assert.equal(await grid.getByRole("row").count(), 1 + 4);
    assert.deepEqual(await texts(grid.getByRole("columnheader")).then((names) => names.slice(0, 3)), ["Path and statement", "Rows", "Time"]);
    assert.equal(await grid.getByRole("row", { selected: true }).count(), 1);
    assert.equal(await page.locator('#rows > tr[tabindex="0"]').count(), 1);
    const nameless = await page.evaluate(() => [...document.querySelectorAll("button:not([aria-hidden]), input, select")]
        .filter((element) => !element.labels?.length && !element.textContent.trim() && !element.getAttribute("aria-label")).length);
    assert.equal(nameless, 0);
});
