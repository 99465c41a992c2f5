"""Test the report page in a real browser: Chromium without a window, by Playwright.

    scripts/browser/test.sh        # installs what is missing, then runs this

Makes a page of 5,000 made-up points and tries what a reader would: hover, click, keys, switches, themes,
print. Prints what a frame costs, and fails on any console message, request or exception. With `--shots
FOLDER` it leaves pictures of the page in light and dark, on a narrow screen and in print.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import numpy
from playwright.sync_api import Page, sync_playwright
from sample_report import HOSTILE, NAMES, make

FRAMES = """async () => {
  const s = window.ganinsarScatter, times = [];
  for (let i = 0; i < 60; i++) {
    const start = performance.now();
    s.view.x += 0.2; s.draw(); s.drawOverlay();
    times.push(performance.now() - start);
    await new Promise(requestAnimationFrame);
  }
  s.resetView(); s.refresh();
  await new Promise(requestAnimationFrame);
  times.sort((a, b) => a - b);
  return {quick: times[6], median: times[30], worst: times[59]};
}"""
HOVERS = """() => {
  const s = window.ganinsarScatter, start = performance.now();
  let found = 0;
  for (let i = 0; i < 1000; i++) if (s.pointAt((i * 37) % s.width, (i * 91) % s.height)) found++;
  return {microseconds: performance.now() - start, found};
}"""


class Check:
    def __init__(self) -> None:
        self.failures = 0

    def __call__(self, name: str, is_right: bool, detail: object = "") -> None:
        print(f"{'ok  ' if is_right else 'FAIL'} {name}{f'  ({detail})' if detail != '' else ''}")
        self.failures += not is_right


def place_of(page: Page, set_index: int, patch: int) -> tuple[float, float]:
    """Where a point is on the page."""
    x, y = page.evaluate(
        """([set, patch]) => { const s = window.ganinsarScatter;
        return s.toPage(s.points.find((p) => p.set === set && p.patch === patch)); }""",
        [set_index, patch],
    )
    box = page.locator("#scatter").bounding_box()
    return box["x"] + x, box["y"] + y


def shows(page: Page, selector: str) -> str:
    return page.locator(selector).get_attribute("data-patch") or ""


def test_mouse(page: Page, check: Check) -> None:
    page.locator("#scatter").scroll_into_view_if_needed()
    page.mouse.move(*place_of(page, 0, 11))
    shown = shows(page, "#current")
    check("hover shows a patch", "/" in shown, shown)
    # The point under the pointer may lie over the one that was aimed at; it must be as near.
    check(
        "hover shows the nearest patch",
        page.evaluate(
            """(shown) => { const s = window.ganinsarScatter, [set, patch] = shown.split("/").map(Number);
            const at = (p) => s.toPage(p), aim = at(s.points.find((p) => p.set === 0 && p.patch === 11));
            const q = at(s.points.find((p) => p.set === set && p.patch === patch));
            return Math.hypot(q[0] - aim[0], q[1] - aim[1]) < 1; }""",
            shown,
        ),
    )
    name = page.locator("#current .label").inner_text()
    check("its label is that of the patch", name == f"item {shown.split('/')[1]}", name)
    check(
        "its picture has colors",
        page.evaluate(
            """() => { const c = document.querySelector("#current canvas");
            return new Set(c.getContext("2d").getImageData(0, 0, c.width, c.height).data).size > 8; }"""
        ),
    )
    page.mouse.click(*place_of(page, 0, 11))
    check("click pins it", shows(page, "#pinned") == shown, shows(page, "#pinned"))
    rows = page.locator("#pinned .neighbours")
    check("a row of neighbors for every set", rows.count() == len(NAMES), rows.count())
    sets = [rows.nth(i).locator(".tile").first.get_attribute("data-set") for i in range(len(NAMES))]
    check("real and generated side by side", sets == [str(i) for i in range(len(NAMES))], sets)
    tile = rows.nth(1).locator(".tile").first
    wanted = f"{tile.get_attribute('data-set')}/{tile.get_attribute('data-patch')}"
    tile.click()
    check("a neighbor can be pinned in turn", shows(page, "#pinned") == wanted, wanted)
    before = page.evaluate("window.ganinsarScatter.view.half")
    x, y = place_of(page, 0, 11)
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    after = page.evaluate("window.ganinsarScatter.view.half")
    check("control and the wheel enlarge", after < before, f"{before:.1f} to {after:.1f}")
    moved = place_of(page, 0, 11)
    check("around the pointer", abs(moved[0] - x) < 1.5 and abs(moved[1] - y) < 1.5, moved)
    center = page.evaluate("window.ganinsarScatter.view.x")
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=4)
    page.mouse.up()
    check("dragging moves", page.evaluate("window.ganinsarScatter.view.x") < center)
    check("dragging does not pin", shows(page, "#pinned") == wanted)
    page.locator(".outlierset .tile").first.click()
    check("an outlier is found in the map", shows(page, "#pinned") == "1/0", shows(page, "#pinned"))
    check("the outlier's reason is told", page.locator("#pinned .outliernote").count() == 1)


def test_keys(page: Page, check: Check) -> None:
    page.locator("#scatter").focus()
    page.mouse.move(2, 2)
    page.keyboard.press("Escape")
    check("Escape lets go", shows(page, "#pinned") == "")
    page.keyboard.press("0")
    seen = set()
    for key in ["ArrowRight", "ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown", "ArrowDown"]:
        page.keyboard.press(key)
        seen.add(shows(page, "#current"))
    check("arrow keys go from point to point", len(seen) >= 4 and "" not in seen, seen)
    page.keyboard.press("Enter")
    check("Enter pins", shows(page, "#pinned") == shows(page, "#current") != "")
    spoken = page.locator("#map [role=status]").inner_text()
    check("a screen reader is told", spoken.startswith("pinned "), spoken)
    before = page.evaluate("window.ganinsarScatter.view.half")
    page.keyboard.press("+")
    check("plus enlarges", page.evaluate("window.ganinsarScatter.view.half") < before)
    page.keyboard.press("0")
    plot = page.locator(".plot svg[tabindex]").first
    plot.focus()
    page.keyboard.press("ArrowRight")
    first = page.locator(".plot .readout").first.inner_text()
    page.keyboard.press("ArrowRight")
    second = page.locator(".plot .readout").first.inner_text()
    check("arrow keys read a plot", "cycles/pixel" in first and first != second, second[:60])
    reached = page.evaluate(
        """() => [...document.querySelectorAll("button, a, [tabindex]")]
        .filter((e) => e.tabIndex < 0).length"""
    )
    check("nothing is out of the Tab key's reach", reached == 0, reached)


def test_switches(page: Page, check: Check) -> None:
    drawn = "() => document.querySelectorAll('.plot g[data-set=\"1\"]')[0].style.display"
    switch = page.locator('#map .switch[data-set="1"]')
    switch.click()
    check("a switch hides a set in the plots", page.evaluate(drawn) == "none")
    check("and says so", switch.get_attribute("aria-pressed") == "false")
    check(
        "and in the map",
        not page.evaluate(
            """() => { const s = window.ganinsarScatter, p = s.points.find((p) => p.set === 1);
            const found = s.pointAt(...s.toPage(p)); return found && found.set === 1; }"""
        ),
    )
    switch.click()
    check("and shows it again", page.evaluate(drawn) == "")


def test_saving(page: Page, check: Check) -> None:
    """A chart is saved as an SVG file that stands alone, in the colors that are shown."""
    for scheme in ["light", "dark"]:
        page.emulate_media(color_scheme=scheme)
        with page.expect_download() as download:
            page.locator(".plot .save").first.click()
        text = Path(download.value.path()).read_text(encoding="utf-8")
        root = ElementTree.fromstring(text)
        shapes = [element for element in root.iter() if element.tag.endswith("}path") and element.get("d")]
        check(f"{scheme}: a chart is saved", download.value.suggested_filename.endswith(".svg"))
        check("with its curves", len(shapes) > 3, len(shapes))
        check("and needs nothing of the page", "var(" not in text and "class=" not in text)
        paper = next(element for element in root.iter() if element.tag.endswith("}rect")).get("fill")
        panel = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--panel').trim()")
        check("on the paper that is shown", paper == panel, f"{paper}, {panel}")
    page.emulate_media(color_scheme="light")


def test_text(page: Page, check: Check) -> None:
    check("markup in names stays text", page.evaluate("window.hacked") is None)
    legend = page.locator(".legend li strong").nth(2).inner_text()
    check("and is shown as it is", legend == HOSTILE, legend)
    check("no picture came of it", page.locator("img").count() == 0)
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll("button, canvas[role=img], svg[role=img]")]
        .filter((e) => !(e.getAttribute("aria-label") || e.title || e.textContent.trim())).length"""
    )
    check("everything one can use has a name", unnamed == 0, unnamed)


def test_themes(page: Page, check: Check) -> None:
    paper = "() => getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light")
    light = page.evaluate(paper)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(paper)
    check("the page follows the system's colors", light != dark, f"{light}, {dark}")
    page.locator("[data-theme-choice=light]").click()
    check("the switch overrides them", page.evaluate(paper) == light)
    page.locator("[data-theme-choice=dark]").click()
    page.emulate_media(color_scheme="light")
    check("both ways", page.evaluate(paper) == dark)
    page.locator("[data-theme-choice=auto]").click()
    check("and lets go", page.evaluate(paper) == light)


def test_speed(page: Page, check: Check) -> None:
    """Says what a frame and a move of the pointer cost; fails only where they do not work, since time
    depends on what else the machine does."""
    frame = page.evaluate(FRAMES)
    print(
        f"     5,000 points: a frame takes {frame['quick']:.1f} ms (quickest tenth), "
        f"{frame['median']:.1f} (median), {frame['worst']:.1f} (worst of 60)"
    )
    hovers = page.evaluate(HOVERS)
    check(
        "a thousand moves of the pointer find points",
        hovers["found"] > 10,
        f"{hovers['microseconds']:.0f} microseconds a move",
    )


def test_narrow(page: Page, check: Check) -> None:
    page.set_viewport_size({"width": 420, "height": 900})
    width = page.evaluate("document.documentElement.scrollWidth")
    check("a narrow screen need not be scrolled sideways", width <= 420, width)
    page.set_viewport_size({"width": 1360, "height": 900})


PAPER = """(width) => {
  const seen = (e) => e.getClientRects().length > 0;
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  return {
    width: document.documentElement.scrollWidth,
    cut: all("table, svg, canvas, pre, img, h1, h2, p").filter((e) => {
      const box = e.getBoundingClientRect();
      return box.right > width + 1 || box.left < -1;
    }).map((e) => e.className.baseVal ?? (e.className || e.tagName)),
    controls: all(".switch, .plain, .themes button, nav a, #current, .screen-only").length,
    paper: getComputedStyle(document.body).backgroundColor,
    marks: all(".scatter .paper path").length,
    ink: getComputedStyle(document.documentElement).getPropertyValue("--set-0").trim(),
  };
}"""
INK = "() => getComputedStyle(document.documentElement).getPropertyValue('--set-0').trim()"


def marks_on_paper(page: Page) -> int:
    """How many pixels of the printed sheets have the inks that no patch has: orange, green, purple."""
    with tempfile.TemporaryDirectory() as folder:
        page.pdf(path=f"{folder}/page.pdf", format="A4")
        subprocess.run(["pdftoppm", "-r", "60", f"{folder}/page.pdf", f"{folder}/sheet"], check=True)
        count = 0
        for sheet in sorted(Path(folder).glob("*.ppm")):
            _, size, _, pixels = sheet.read_bytes().split(b"\n", 3)
            columns, rows = map(int, size.split())
            image = numpy.frombuffer(pixels, numpy.uint8).reshape(rows, columns, 3).astype(int)
            for ink in [(213, 94, 0), (0, 133, 95), (168, 71, 138)]:
                count += int((abs(image - ink).max(axis=2) < 60).sum())
        return count


def test_print(page: Page, check: Check) -> None:
    """On paper: light colors whatever the screen shows, nothing wider than the sheet, no controls."""
    for name, width in [("upright", 700), ("lengthwise", 1030)]:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media="print", color_scheme="dark")
        page.wait_for_timeout(200)
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        found = page.evaluate(PAPER, width)
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        check(f"{name} paper is as wide as the page", found["width"] <= width, found["width"])
        check(f"{name}, nothing is cut off", not found["cut"], found["cut"])
        check(f"{name}, no controls", found["controls"] == 0, found["controls"])
        check(
            f"{name}, light paper and inks",
            found["paper"] == "rgb(255, 255, 255)" and found["ink"] == "#0072b2",
            [found["paper"], found["ink"]],
        )
        points = page.evaluate("window.ganinsarScatter.points.length")
        check(f"{name}, every point is a mark", found["marks"] == points, found["marks"])
    page.emulate_media(media="null", color_scheme="dark")
    page.set_viewport_size({"width": 1360, "height": 900})
    page.wait_for_timeout(200)
    marks = marks_on_paper(page)
    page.add_style_tag(content="@media print { .scatter .paper { display: none } }")
    others = marks_on_paper(page)
    page.evaluate("document.head.lastElementChild.remove()")
    check("the map is on the sheet", marks - others > 300, f"{marks - others} pixels in the sets' inks")
    check("the map's vectors are gone", page.locator(".scatter .paper").count() == 0)
    check("the screen is dark again", page.evaluate(INK) != "#0072b2", page.evaluate(INK))
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1360, "height": 900})


def take_shots(page: Page, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in ["light", "dark"]:
        page.emulate_media(color_scheme=scheme)
        page.locator("#scatter").scroll_into_view_if_needed()
        page.mouse.click(*place_of(page, 0, 11))
        page.mouse.move(*place_of(page, 1, 5))
        page.wait_for_timeout(300)
        page.screenshot(path=folder / f"{scheme}-map.png")
        page.screenshot(path=folder / f"{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 420, "height": 900})
    page.wait_for_timeout(300)
    page.screenshot(path=folder / "narrow.png", full_page=True)
    page.set_viewport_size({"width": 1360, "height": 900})
    # Printed from a dark screen, as many readers will.
    page.emulate_media(color_scheme="dark")
    for name, is_wide in [("print-upright", False), ("print", True)]:
        page.pdf(path=folder / f"{name}.pdf", format="A4", landscape=is_wide)


def write_page(ganinsar: str, folder: str, name: str, points: int, names: list[str] = NAMES) -> str:
    """Makes the page of made-up results; returns its path."""
    with open(f"{folder}/{name}.json", "w") as file:
        json.dump(make(points=points, side=32, names=names), file)
    command = [ganinsar, "report", f"{folder}/{name}.json", "-o", f"{folder}/{name}.html"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return f"{folder}/{name}.html"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ganinsar", default=".build/release/ganinsar")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--page", help="test this page's looks only: take its pictures")
    parser.add_argument("--shots", type=Path)
    arguments = parser.parse_args()
    check = Check()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = arguments.page
        if path is None:
            path = write_page(arguments.ganinsar, folder, "report", points=5000)
        # Root has no sandbox, as in most containers.
        browser = playwright.chromium.launch(
            executable_path=arguments.chromium,
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        page = browser.new_page(viewport={"width": 1360, "height": 900})
        messages: list[str] = []
        requests: list[str] = []
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        visited = [f"file://{os.path.abspath(path)}"]
        page.goto(visited[0])
        page.wait_for_selector("section#methods")
        if arguments.page is None:
            tests = [test_text, test_themes, test_mouse, test_keys, test_switches, test_saving, test_speed]
            for test in [*tests, test_narrow, test_print]:
                test(page, check)
        if arguments.shots:
            take_shots(page, arguments.shots)
        if arguments.page is None:
            many = [*NAMES, *(f"set number {i}" for i in range(len(NAMES), 8))]
            many_sets = write_page(arguments.ganinsar, folder, "many", points=800, names=many)
            visited.append(f"file://{many_sets}")
            page.goto(visited[1])
            page.wait_for_selector("section#methods")
            print("     eight sets:")
            test_print(page, check)
            if arguments.shots:
                page.pdf(path=arguments.shots / "print-eight-sets.pdf", format="A4")
        check("no console message", not messages, messages or "")
        others = [url for url in requests if url not in visited and not url.startswith(("data:", "blob:"))]
        check("no request but for the page", not others, others[:4] or "")
        browser.close()
    sys.exit(1 if check.failures else 0)


if __name__ == "__main__":
    main()
