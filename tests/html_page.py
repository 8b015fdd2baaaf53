"""html_page.py FOLDER - opens the pages that html.sh has made there, and
compares what they show with the files beside them."""
import csv
import datetime
import html
import json
import os
import re
import sys

from chromium import Chromium

PEAKS = {"demand": "demand_peak", "sessions": "sessions_peak",
         "queue": "queue_peak", "wanted": "replicas_peak",
         "ready": "ready_peak", "nodes": "nodes_peak"}
PAGE_BYTES = 3 << 20
failed = []


def check(what, good, *more):
    if not good:
        failed.append(what)
        print("FAIL", what, *[str(m)[:600] for m in more])


def same(what, got, want):
    check(what, got == want, "got", got, "want", want)


# ---------------------------------------------------------------- the page

def opened(browser, folder, **screen):
    """Opens a page, which must be quiet and ask for nothing."""
    path = os.path.join(folder, "report.html")
    check(folder + ": size", os.path.getsize(path) < PAGE_BYTES)
    browser.open(path, **screen)
    quiet(browser, folder)


def quiet(browser, what):
    same(what + ": complaints", browser.complaints, [])
    away = [u for u in browser.requests
            if not u.startswith("data:image/png;base64,")][1:]
    same(what + ": requests", away, [])
    same(what + ": hacked", browser.value("typeof hacked"), "undefined")


def chips(browser):
    """Text of each series' value, by key."""
    return browser.value("""Object.fromEntries([...document.querySelectorAll(
        '#timeline-series button')].map((b) =>
        [b.dataset.key, b.lastChild.textContent]))""")


def high(text):
    """Of "0–29" or "$1,300.12"."""
    return float(text.split("–")[-1].strip("$").replace(",", ""))


def low(text):
    return float(text.split("–")[0].strip("$").replace(",", ""))


def view(browser):
    return browser.value("""[timeline.dataset.from, timeline.dataset.until]
        .map(Number)""".replace("timeline.",
                                "document.getElementById('timeline')."))


def click(browser, selector):
    browser.value("document.querySelector(%s).click()" % json.dumps(selector))


def area(browser):
    """Left, top, width and height of the first panel."""
    return browser.value("""(() => {
        const over = document.querySelector('.u-over');
        over.scrollIntoView({block: 'center'});
        const r = over.getBoundingClientRect();
        return [r.left, r.top, r.width, r.height]; })()""")


def ink(browser, colour):
    """Pixels of exactly this colour on the canvases."""
    rgb = [int(colour[i:i + 2], 16) for i in (1, 3, 5)]
    return browser.value("""[...document.querySelectorAll('canvas')].reduce(
        (n, c) => { const d = c.getContext('2d')
            .getImageData(0, 0, c.width, c.height).data;
            for (let i = 0; i < d.length; i += 4)
                n += d[i] === %d && d[i + 1] === %d && d[i + 2] === %d &&
                    d[i + 3] === 255;
            return n; }, 0)""" % tuple(rgb))


def frame(browser):
    browser.value("new Promise((f) => requestAnimationFrame("
                  "() => requestAnimationFrame(f)))")


# ---------------------------------------------------------------- content

def plain(cell):
    """A cell of the Markdown as people see it."""
    cell = cell.replace("**", "")
    cell = re.sub(r"\\(.)", r"\1", cell)
    return html.unescape(cell).replace("\u200b", "").strip()


def markdown_rows(path):
    with open(path) as f:
        lines = [line.rstrip("\n") for line in f if line.startswith("|")]
    rows = [[plain(c) for c in line[1:].rstrip("|").split("|")]
            for line in lines]
    return [r for r in rows if not re.fullmatch("(-|:)*", "".join(r)) or
            not any(r)]


def page_rows(browser):
    return browser.value("""[...document.querySelectorAll(
        'main > :not(#timeline) tr, main > .wide tr')].map((r) =>
        [...r.cells].map((c) => c.textContent.trim()))""")


def same_content(browser, folder):
    rows = [r for r in markdown_rows(os.path.join(folder, "report.md"))
            if not set("".join(r)) <= set("-:")]
    check(folder + ": has rows", len(rows) > 5)
    got = [r for r in page_rows(browser) if not set("".join(r)) <= set("-:")]
    same(folder + ": tables", got, rows)


def same_numbers(browser, folder, name):
    with open(os.path.join(folder, name)) as f:
        want = json.load(f)
    got = browser.value(
        "JSON.parse(document.getElementById('numbers').textContent)")
    same(folder + ": numbers", got, want)
    return want


def same_peaks(browser, folder, summary):
    """Of every pool, in a view of all: no peak is lost."""
    for pool, figures in summary["pools"].items():
        browser.value("""(() => { const s = document.getElementById(
            'timeline-pool'); s.value = %s;
            s.dispatchEvent(new Event('change')); })()""" % json.dumps(pool))
        shown = chips(browser)
        for key, figure in PEAKS.items():
            same("%s: %s of %s" % (folder, figure, pool), high(shown[key]),
                 float(figures[figure]))


# ---------------------------------------------------------------- a run

def rows_of(folder, pool):
    with open(os.path.join(folder, "timeline.csv")) as f:
        return [r for r in csv.DictReader(f) if r["pool"] == pool]


def seconds(text):
    return datetime.datetime.fromisoformat(
        text.replace("Z", "+00:00")).timestamp()


def bounds(rows, column, start, end):
    """Lowest and highest of a column in [start, end]."""
    values = [0.0]
    for row in rows:
        if seconds(row["at"]) <= start:
            values = []
        if seconds(row["at"]) <= end:
            values = values[-1:] if seconds(row["at"]) <= start else values
            values.append(float(row[column]))
    return min(values), max(values)


def test_hover(browser, folder, pool):
    rows = rows_of(folder, pool)
    left, top, width, height = area(browser)
    first, end = view(browser)
    different = set()
    for share in (0.1, 0.21, 0.3, 0.42, 0.55, 0.7, 0.93):
        browser.mouse("mouseMoved", left + share * width, top + height / 2)
        frame(browser)
        at = first + share * (end - first)
        pixel = 2 * (end - first) / width
        shown = chips(browser)
        different.add(json.dumps(shown))
        when = browser.value(
            "document.getElementById('timeline-when').textContent")
        said = datetime.datetime.strptime(
            when, "%a %d %b %Y %H:%M:%S UTC").replace(
                tzinfo=datetime.timezone.utc).timestamp()
        check("the time under the mouse", abs(said - at) <= pixel + 1, said, at)
        for key, column in (("demand", "demand"), ("ready", "ready"),
                            ("waiting", "waiting"), ("nodes", "nodes"),
                            ("cost", "usd_per_h")):
            least, most = bounds(rows, column, at - pixel, at + pixel)
            check("%s at %s" % (key, when),
                  least - 0.006 <= low(shown[key]) and
                  high(shown[key]) <= most + 0.006,
                  shown[key], least, most)
    check("hover shows different values", len(different) > 3, different)
    browser.mouse("mouseMoved", left + 5, top - 50)


def test_zoom(browser):
    whole = view(browser)
    left, top, width, height = area(browser)
    browser.drag(left + 0.25 * width, top + height / 2, left + 0.5 * width)
    frame(browser)
    first, end = view(browser)
    length = whole[1] - whole[0]
    check("a drag zooms", abs(first - whole[0] - length / 4) < length / 50 and
          abs(end - whole[0] - length / 2) < length / 50, first, end, whole)
    for _ in range(2):
        for kind in ("mousePressed", "mouseReleased"):
            browser.mouse(kind, left + 9, top + 9, button="left",
                          clickCount=_ + 1)
    frame(browser)
    same("a double click shows all", view(browser), whole)
    click(browser, "[data-do=in]")
    inside = view(browser)
    check("a button zooms", abs(inside[1] - inside[0] - length / 2) < 1)
    click(browser, "[data-do=later]")
    check("and goes on", view(browser)[0] > inside[0])
    click(browser, "[data-do=later]")
    click(browser, "[data-do=later]")
    same("not beyond the end", view(browser)[1], whole[1])
    click(browser, "[data-do=out]")
    click(browser, "[data-do=all]")
    same("all", view(browser), whole)
    for _ in range(40):
        click(browser, "[data-do=in]")
    check("closest", 9.99 <= view(browser)[1] - view(browser)[0] <= 10.01)
    click(browser, "[data-do=all]")


def test_worst(browser):
    def most():
        return max(map(high, chips(browser)["waiting"].split(" → ")))

    whole, peak = view(browser), most()
    click(browser, "[data-do=worst]")
    same("the worst wait is in view", most(), peak)
    check("and not all", whole[1] - whole[0] < 5 * 3600 or
          view(browser) != whole)
    click(browser, "[data-do=all]")


def test_keys(browser):
    browser.value("document.getElementById('timeline-plot').focus()")
    browser.key("Escape")
    before = chips(browser)
    browser.key("ArrowRight")
    said = browser.value(
        "document.getElementById('timeline-said').textContent")
    check("keys speak", "UTC" in said and "pods ready" in said, said)
    check("keys move the cursor", chips(browser) != before)
    whole = view(browser)
    browser.key("+")
    check("a key zooms", view(browser)[0] > whole[0])
    browser.key("0")
    same("a key shows all", view(browser), whole)
    browser.key("Escape")
    same("no cursor any more", chips(browser), before)


def panels(browser):
    return browser.value("document.querySelectorAll('.uplot').length")


def test_switches(browser):
    levels = {l["key"]: l for l in browser.value(
        "JSON.parse(document.getElementById('timeline-data').textContent)"
        ".levels")}
    same("panels", panels(browser), 3)
    for key in ("wanted", "ready"):
        colour = levels[key]["colour"]
        shown = levels[key]["shown"]
        for _ in range(2):
            frame(browser)
            same("%s is drawn" % key, ink(browser, colour) > 20, shown)
            same("its switch", browser.value(
                "document.querySelector('[data-key=%s]').ariaPressed" % key),
                "true" if shown else "false")
            click(browser, "[data-key=%s]" % key)
            shown = not shown
    click(browser, "[data-key=nodes]")
    same("without nodes", panels(browser), 2)
    for key in ("demand", "waiting", "ready", "cost"):
        click(browser, "[data-key=%s]" % key)
    same("nothing", panels(browser), 0)
    click(browser, "[data-do=in]")
    click(browser, "[data-do=all]")
    for key in ("demand", "waiting", "ready", "cost", "nodes"):
        click(browser, "[data-key=%s]" % key)
    same("all again", panels(browser), 3)


def test_table(browser):
    peak = high(chips(browser)["ready"])
    click(browser, "#timeline-table summary")
    frame(browser)
    rows = browser.value("""[...document.querySelectorAll(
        '#timeline-table tr')].map((r) => [...r.cells].map(
        (c) => c.textContent))""")
    same("rows of the table", len(rows), 25)
    same("its columns", rows[0], ["from", "demand", "builds waiting",
                                  "pods ready", "nodes", "cost rate"])
    same("its peak", max(float(r[3]) for r in rows[1:]), peak)


def test_policy(browser, folder):
    """What would get past the escapes is stopped by the browser."""
    browser.value("""document.body.insertAdjacentHTML('beforeend',
        '<img src="x" onerror="hacked=1"><b onclick="hacked=1">x</b>')""")
    click(browser, "body > b")
    browser.value("""(() => { const s = document.createElement('script');
        s.textContent = 'hacked=1'; document.body.append(s); })()""")
    same("fetch", browser.value("""fetch('http://127.0.0.1:9/').then(
        () => 'sent', () => 'refused')"""), "refused")
    frame(browser)
    same(folder + ": hacked", browser.value("typeof hacked"), "undefined")
    text = " ".join(browser.complaints)
    for part in ("img-src", "script-src", "connect"):
        check("the policy stops " + part, part in text, text)


def test_run(browser):
    opened(browser, "run")
    same_content(browser, "run")
    summary = same_numbers(browser, "run", "summary.json")
    check("not empty", summary["pools"]["amd64"]["demand_peak"] > 3)
    same_peaks(browser, "run", summary)
    for test in (test_zoom, test_worst, test_keys, test_switches):
        test(browser)
    test_hover(browser, "run", "amd64")
    test_table(browser)
    pictures = browser.value("""(async () => {
        for (const d of document.querySelectorAll('details')) d.open = true;
        const all = [...document.images];
        await Promise.all(all.map((i) => i.decode()));
        return all.map((i) => i.naturalWidth); })()""")
    check("pictures", len(pictures) in (0, 4) and all(pictures), pictures)
    same("report.md's pictures",
         len(re.findall(r"(?m)^!\[", open("run/report.md").read())),
         len(pictures))
    quiet(browser, "run, used")
    test_policy(browser, "run")


def same_palette(browser):
    """Good and bad have the colours that figures have."""
    levels, good, bad = browser.value("""(() => {
        const css = getComputedStyle(document.documentElement);
        return [JSON.parse(document.getElementById('timeline-data')
            .textContent).levels, css.getPropertyValue('--good'),
            css.getPropertyValue('--bad')]; })()""")
    colours = {l["key"]: l["colour"] for l in levels}
    same("good", good, colours["ready"])
    same("bad", bad, colours["waiting"])


def test_screens(browser):
    for folder in ("run", "compare"):
        for dark in (False, True):
            for width in (1100, 400):
                opened(browser, folder, dark=dark, width=width,
                       mobile=width < 800)
                same("%s, %d wide" % (folder, width), browser.value(
                    "document.documentElement.scrollWidth <= %d" % width),
                    True)
                ground = browser.value(
                    "getComputedStyle(document.body).backgroundColor")
                same("ground", "255, 255, 255" in ground, not dark)
                if not dark:
                    same_palette(browser)
                same("black lines", ink(browser, "#000000") > 20, not dark)


def test_touch(browser):
    opened(browser, "run", width=400, mobile=True)
    left, top, width, _ = area(browser)
    before, whole = chips(browser), view(browser)

    def touch(kind, *shares):
        browser.call("Input.dispatchTouchEvent", type=kind, touchPoints=[
            {"x": left + s * width, "y": top + 40, "id": i}
            for i, s in enumerate(shares)])

    touch("touchStart", 0.3)
    check("a finger is the cursor", chips(browser) != before)
    touch("touchEnd")
    touch("touchStart", 0.4, 0.6)
    touch("touchMove", 0.3, 0.7)
    touch("touchMove", 0.2, 0.8)
    touch("touchEnd")
    first, end = view(browser)
    check("two fingers zoom", (end - first) < 0.6 * (whole[1] - whole[0]),
          first, end, whole)


def test_compare(browser):
    opened(browser, "compare")
    same_content(browser, "compare")
    numbers = same_numbers(browser, "compare", "compare.json")
    shown = chips(browser)
    for key, figure in PEAKS.items():
        of = numbers["pools"]["amd64"][figure]
        base, head = shown[key].split(" → ")
        # The timeline is of the first replication, the figures of all.
        check("both sides of " + key, abs(high(base) - of["base"]) <= 2 and
              abs(high(head) - of["head"]) <= 2, shown[key], of)
    check("sides differ", shown["ready"].split(" → ")[0] !=
          shown["ready"].split(" → ")[1], shown["ready"])
    left, top, width, height = area(browser)
    browser.mouse("mouseMoved", left + width / 2, top + height / 2)
    frame(browser)
    check("hover shows both", chips(browser)["ready"].count("→") == 1)
    browser.mouse("mouseMoved", left, top - 50)
    test_worst(browser)
    quiet(browser, "compare, used")


def test_small(browser):
    for folder in ("none", "one", "plain", "year"):
        opened(browser, folder)
        same_content(browser, folder)
        summary = same_numbers(browser, folder, "summary.json")
        if folder != "plain":
            same_peaks(browser, folder, summary)
        click(browser, "[data-do=worst]")
        said = browser.value(
            "document.getElementById('timeline-said').textContent")
        same(folder + ": nobody waits", said == "Nobody waits in amd64.",
             folder in ("none", "one", "plain"))
        same(folder + ": one title", browser.value(
            "document.querySelectorAll('h1').length"), 1)
        browser.mouse("mouseMoved", *area(browser)[:2])
        quiet(browser, folder + ", used")
    same("six pools", browser.value(
        "document.getElementById('timeline-pool').length"), 6)


def test_evil(browser):
    for folder in ("evil", "evil-compare"):
        opened(browser, folder)
        same_content(browser, folder)
        browser.value("""(() => { for (const e of document.querySelectorAll(
            'main *')) e.click(); })()""")
        quiet(browser, folder + ", clicked")
        text = browser.value("document.body.textContent")
        check(folder + ": the name is there", "<img src=x" in text)
        same(folder + ": images", browser.value(
            "document.querySelectorAll('img[onerror], script[src]').length"), 0)
        for code in (0x2028, 0x202e):
            check(folder + ": U+%04X" % code, chr(code) not in text)


def main():
    os.chdir(sys.argv[1])
    with Chromium() as browser:
        for test in (test_run, test_screens, test_touch, test_compare,
                     test_small, test_evil):
            test(browser)
    if not failed:
        print("the page shows what the files say")
    return 1 if failed else 0


sys.exit(main())
