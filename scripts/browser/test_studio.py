"""Test `ganinsar studio` in a real browser, and under load: Chromium without a window, by Playwright.

    scripts/browser/test.sh        # installs what is missing, then runs this too

Starts the program with made-up real maps and tries what a reader would: seeds, controls, keys, favorites,
copying commands, both themes, a phone's width. Runs the copied commands and compares their files with the
page's numbers byte for byte. Then 200 requests at once, slow clients, hostile requests, and Ctrl-C. Fails on
any console message, and on any request to another address. With `--shots FOLDER` it leaves pictures.
"""

import argparse
import atexit
import concurrent.futures
import json
import os
import re
import resource
import shlex
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import numpy
from playwright.sync_api import Browser, Page, sync_playwright
from test_page import Check


class Studio:
    """The running program, which may open 256 files."""

    def __init__(self, ganinsar: str, *arguments: str) -> None:
        def prepare() -> None:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))

        self.process = subprocess.Popen(
            [ganinsar, "studio", "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=prepare,
        )
        atexit.register(self.process.kill)  # also where a test fails with an exception
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            raise SystemExit(self.process.stderr.read())
        self.port = int(re.search(r":(\d+)/", self.url).group(1))

    def get(self, path: str, headers: dict[str, str] | None = None, timeout: float = 120) -> tuple[int, bytes]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=timeout) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def connect(self, timeout: float = 30) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def send(self, data: bytes, timeout: float = 3) -> bytes:
        """What the program answers to bytes that are not HTTP."""
        with self.connect(timeout) as connection:
            try:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
                return connection.recv(65536)
            except OSError:
                return b""

    @property
    def memory(self) -> float:
        """Resident memory in MiB."""
        text = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024

    def stop(self) -> tuple[int, float]:
        start = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=30)
        return code, time.monotonic() - start


def planes(answer: bytes) -> tuple[dict, numpy.ndarray]:
    length = struct.unpack("<I", answer[:4])[0]
    header = json.loads(answer[4 : 4 + length])
    shape = [len(header["planes"]), header["height"], header["width"]]
    return header, numpy.frombuffer(answer, "<f4", offset=4 + length).reshape(shape)


def until(page: Page, expression: str, seconds: float = 60) -> bool:
    """Waits until JavaScript says so; the page's policy forbids Playwright's own way."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if page.evaluate(expression):
            return True
        page.wait_for_timeout(30)
    return False


SETTLED = """() => { const page = document.getElementById("page");
  return page.dataset.settled === location.hash.slice(1) && !page.classList.contains("busy"); }"""


def settle(page: Page, check: Check, what: str) -> None:
    """Waits for the map and the interferogram of the state in the address."""
    if not until(page, SETTLED):
        check(f"{what}: the page settles", False, page.locator(".problem").inner_text())


def picture(page: Page, name: str) -> str:
    return page.locator(f"canvas[aria-label='{name}']").evaluate("(canvas) => canvas.toDataURL()")


def command(page: Page, what: str = "the map") -> str:
    return page.locator(f"pre[aria-label='command of {what}']").inner_text()


def open_page(browser: Browser, url: str, log: list[str], **options: object) -> Page:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], **options)
    page = context.new_page()
    page.on("console", lambda message: log.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: log.append(f"error: {error}"))
    origin = url.split("?")[0]

    def note(request: object) -> None:
        if not request.url.startswith((origin, "data:", "blob:")):
            log.append(f"request: {request.url}")

    page.on("request", note)
    return page


def test_first_map(page: Page, check: Check, url: str) -> None:
    page.goto("about:blank")
    start = time.monotonic()
    page.goto(url)
    drawn = until(page, "() => document.getElementById('page').dataset.drawn !== undefined")
    seconds = time.monotonic() - start
    check("the first map is there within 3 seconds of opening", drawn and seconds < 3, f"{seconds:.2f} s")
    settle(page, check, "first")


def test_mouse(page: Page, check: Check) -> None:
    rate, phase = picture(page, "Rate"), picture(page, "Phase")
    page.locator("button[aria-label='Seed: one more']").click()
    settle(page, check, "seed")
    check("another seed is another map", picture(page, "Rate") != rate)
    check("and another interferogram", picture(page, "Phase") != phase)
    check("and another command", "--seed 1" in command(page), command(page))
    rate, phase = picture(page, "Rate"), picture(page, "Phase")
    span = page.get_by_label("Time span")
    span.fill("9")
    settle(page, check, "span")
    check("a longer span has other fringes", picture(page, "Phase") != phase)
    check("of the same map", picture(page, "Rate") == rate)
    check("which compose is told", "network.everyRepeats=9" in command(page, "the interferogram"))
    page.get_by_label("Satellite").select_option("alos-2")
    settle(page, check, "satellite")
    check("and the satellite", "sensor=alos-2" in command(page, "the interferogram"))
    page.get_by_role("switch", name="Atmosphere").click()
    settle(page, check, "atmosphere")
    check("without atmosphere its panel says so", page.get_by_text("The atmosphere is off").is_visible())
    page.get_by_role("switch", name="Coherence and noise").click()
    settle(page, check, "noise")
    check("and that of the coherence", page.get_by_text("Coherence and noise are off").is_visible())
    page.get_by_role("button", name="unwrapped", exact=True).click()
    check("the unwrapped phase is shown", "rad" in page.locator("figure").nth(1).locator(".ticks").inner_text())
    page.get_by_role("button", name="wrapped", exact=True).click()
    page.get_by_role("button", name="coso d071").click()
    settle(page, check, "style")
    check("a style is in the command", "--style coso_d071" in command(page), command(page))
    page.get_by_label("Spread, least").fill("60")
    settle(page, check, "spread")
    check(
        "a spread is in the command", re.search(r"--spread [\d.]+\.\.[\d.]+", command(page)) is not None, command(page)
    )
    page.get_by_role("button", name="Reset").click()
    settle(page, check, "reset")
    check(
        "reset leaves them out", "--s" not in command(page).replace("--seed", "").replace("--size", ""), command(page)
    )
    before = picture(page, "Rate")
    page.locator("section[aria-labelledby=more-title] .tile").nth(2).click(timeout=60000)
    settle(page, check, "tile")
    check("a tile of another map is shown large", "--first 3" in command(page) and picture(page, "Rate") != before)
    page.locator("canvas[aria-label=Rate]").hover()
    readouts = [page.locator("figure .readout").nth(i).inner_text() for i in range(2)]
    are_read = all(re.match(r"row 6[34], column 6[34]: .*\d", text) for text in readouts)
    check("the pointer reads all panels at one pixel", are_read, readouts)
    page.mouse.move(2, 2)


def test_between(page: Page, check: Check) -> None:
    page.get_by_role("switch", name="Go to the map of a second seed").click()
    settle(page, check, "between")
    check(
        "on the way to a second seed",
        re.search(r"--interpolate \d+ --steps 17", command(page)) is not None,
        command(page),
    )
    seen = set()
    for step in ["0", "6", "16"]:
        page.get_by_label("Place on the way").fill(step)
        settle(page, check, "step")
        seen.add(picture(page, "Rate"))
    check("every step is another map", len(seen) == 3)
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(800)
    page.get_by_role("button", name="Stop").click()
    settle(page, check, "play")
    moved = page.evaluate("new URLSearchParams(location.hash.slice(1)).get('step')")
    check("playing moves along", moved != "16", moved)


def test_commands(page: Page, check: Check, ganinsar: str, studio: Studio) -> None:
    """What the page gives to copy makes the same map and the same interferogram, byte for byte."""
    page.get_by_role("switch", name="Atmosphere").click()
    page.get_by_role("switch", name="Coherence and noise").click()
    page.get_by_label("Scale rates to").fill("3.5")
    page.get_by_label("Pixel size").fill("45")
    page.get_by_label("Perpendicular baseline").fill("-120")
    page.get_by_label("Its rms difference at 1 km").fill("4.5")
    page.get_by_role("switch", name="DEM error").click()
    settle(page, check, "commands")
    copied = []
    for what in ["the map", "the interferogram"]:
        page.get_by_role("button", name=f"copy the command of {what}").click()
        copied.append(page.evaluate("navigator.clipboard.readText()"))
    check("what is copied is what is shown", copied == [command(page), command(page, "the interferogram")])
    state = page.evaluate("location.hash.slice(1)")
    size = "" if "size=" in state else "&size=128"
    map_query = "&".join(part for part in state.split("&") if part.split("=")[0] in MAP_NAMES) + size
    with tempfile.TemporaryDirectory() as folder:
        for text in copied:
            words = shlex.split(text)
            run = subprocess.run([os.path.abspath(ganinsar), *words[1:]], cwd=folder, capture_output=True, text=True)
            check(
                f"the command runs: {text[:60]} ...", run.returncode == 0, run.stderr[-300:] if run.returncode else ""
            )
        header, shown = planes(studio.get(f"/api/map?{map_query}")[1])
        written = numpy.load(f"{folder}/{header['facts']['file']}")
        check("it makes the same map, byte for byte", written.tobytes() == shown[0].tobytes())
        header, shown = planes(studio.get(f"/api/interferogram?{state}{size}")[1])
        names = [plane["name"] for plane in header["planes"]]
        pair = header["facts"]["dates"]
        files = {"wrapped": "wrapped", "unwrapped": "unwrapped", "coherence": "coherence", "atmosphere": "turbulence"}
        for name, file in files.items():
            stored = numpy.load(f"{folder}/stack/{pair}/{file}.npy")
            same = stored.tobytes() == shown[names.index(name)].tobytes()
            check(f"and the same {name}", same)


MAP_NAMES = [
    "seed",
    "map",
    "size",
    "spread",
    "mean",
    "quietFraction",
    "style",
    "truncation",
    "maxRate",
    "interpolate",
    "steps",
    "step",
]


def test_keys(page: Page, check: Check) -> None:
    page.locator("body").click(position={"x": 2, "y": 2})
    before = command(page)
    page.keyboard.press("b")
    settle(page, check, "key b")
    check("B leaves the second seed", "--interpolate" not in command(page), command(page))
    page.keyboard.press("n")
    settle(page, check, "key n")
    after = command(page)
    check("N goes to the next map", after != before, after)
    page.keyboard.press("p")
    page.keyboard.press("n")
    settle(page, check, "key p")
    check("P goes back", command(page) == after)
    page.keyboard.press("c")
    page.wait_for_timeout(200)
    check("C copies the command", page.evaluate("navigator.clipboard.readText()") == after)
    page.keyboard.press("f")
    check("F keeps a favorite", page.locator("section[aria-labelledby=favorites-title] .tile").count() == 1)
    page.keyboard.press("r")
    settle(page, check, "key r")
    check("R is another seed", command(page) != after)
    canvas = page.locator("canvas[aria-label=Rate]")
    canvas.focus()
    for key in ["ArrowRight", "ArrowDown", "Shift+ArrowDown"]:
        page.keyboard.press(key)
    text = page.locator("figure .readout").first.inner_text()
    check("arrow keys read a picture", text.startswith("row 75, column 65"), text)
    seed = page.get_by_label("Seed", exact=True)
    seed.fill("41")
    seed.press("Enter")
    settle(page, check, "typed seed")
    check("a seed can be typed", "--seed 41" in command(page), command(page))
    seed.press("ArrowUp")
    settle(page, check, "seed by key")
    check("and counted by the arrow keys", "--seed 42" in command(page), command(page))
    seed.press("n")
    check("letters in a field are no shortcuts", "--seed 42" in command(page))
    seed.fill("42")
    unreachable = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, canvas.plane")]
        .filter((e) => e.tabIndex < 0).length"""
    )
    check("nothing is out of the Tab key's reach", unreachable == 0, unreachable)
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll("button, canvas[role=img], input, select")]
        .filter((e) => !(e.getAttribute("aria-label") || e.title || e.textContent.trim() || e.labels?.length)).length"""
    )
    check("everything one can use has a name", unnamed == 0, unnamed)


def test_favorites(page: Page, check: Check) -> None:
    wanted = page.locator("section[aria-labelledby=favorites-title] .tile").first.get_attribute("title")
    before = command(page)
    page.reload()
    settle(page, check, "reload")
    check("the address keeps the map", command(page) == before)
    page.locator("section[aria-labelledby=favorites-title] .tile").first.click()
    settle(page, check, "favorite")
    check("a favorite comes back after a reload", command(page) != before, wanted)
    check("and is marked as one", page.get_by_role("button", name="★ Kept").count() == 1)
    page.locator(".remove").first.click()
    check("it can be removed", page.locator("section[aria-labelledby=favorites-title] .tile").count() == 0)


def test_looks(browser: Browser, check: Check, url: str, log: list[str], shots: Path | None) -> None:
    papers = []
    for scheme, width, height in [("light", 1400, 1000), ("dark", 1400, 1000), ("light", 390, 844), ("dark", 390, 844)]:
        page = open_page(browser, url, log, color_scheme=scheme, viewport={"width": width, "height": height})
        page.goto(f"{url}#seed=3&map=3&repeats=3")
        settle(page, check, f"{scheme} {width}")
        until(page, "() => document.querySelectorAll('.tiles .tile').length >= 16")
        papers.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        wide = page.evaluate("document.documentElement.scrollWidth")
        check(f"{scheme}, {width} px: no scrolling sideways", wide <= width, wide)
        cut = page.evaluate(
            """() => [...document.querySelectorAll("button, label, select, h1, h2")].filter((e) =>
            e.getClientRects().length && e.scrollWidth > e.clientWidth + 2
            && getComputedStyle(e).overflow !== "visible").map((e) => e.textContent)"""
        )
        check(f"{scheme}, {width} px: no text is cut off", not cut, cut)
        if width < 500:
            page.evaluate("document.querySelectorAll('.group')[1].scrollIntoView()")
            top = page.locator("canvas[aria-label=Rate]").bounding_box()["y"]
            check("a phone shows the map while its controls are moved", -20 < top < 400, top)
            page.evaluate("window.scrollTo(0, 0)")
        if shots:
            page.wait_for_timeout(400)
            page.screenshot(path=shots / f"studio-{scheme}-{width}.png")
            page.screenshot(path=shots / f"studio-{scheme}-{width}-whole.png", full_page=True)
        page.context.close()
    check("the page follows the system's colors", papers[0] != papers[1] and papers[0] == papers[2], papers)


# MARK: Load


def test_load(check: Check, studio: Studio) -> None:
    def one(i: int) -> tuple[int, bytes, float]:
        start = time.monotonic()
        code, body = studio.get(f"/api/map?seed={i}&size=64", timeout=300)
        return code, body, time.monotonic() - start

    memory = []
    for wave in range(3):
        start = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(200) as pool:
            answers = list(pool.map(one, range(200 * wave, 200 * wave + 200)))
        codes = {code: sum(answer[0] == code for answer in answers) for code in {answer[0] for answer in answers}}
        memory.append(studio.memory)
        print(f"     200 requests at once: {codes} in {time.monotonic() - start:.1f} s, memory {memory[-1]:.0f} MiB")
        check("all are answered, with a map or with 'try again'", set(codes) <= {200, 503}, codes)
        check("as many as may wait get a map", codes.get(200, 0) >= 64, codes)
        refused = [json.loads(body) for code, body, _ in answers if code == 503]
        check("the others are told to try again", all("try again" in answer["error"] for answer in refused))
    check("memory does not grow with the waves", memory[2] < memory[0] + 100, [round(size) for size in memory])
    same = studio.get("/api/map?seed=5&size=96")[1]
    check("and the next map is right", planes(same)[1].shape == (1, 96, 96))


def test_slow_clients(check: Check, studio: Studio) -> None:
    # Some say half a request, some read nothing of a long answer.
    halves = [studio.connect() for _ in range(50)]
    for connection in halves:
        connection.sendall(b"GET /api/map?seed=1 HTTP/1.1\r\nHost: 127.0.0.1")
    readers = [studio.connect() for _ in range(5)]
    host = f"Host: 127.0.0.1:{studio.port}\r\n\r\n".encode()
    for connection in readers:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(b"GET /api/interferogram?seed=1&size=256 HTTP/1.1\r\n" + host)
    time.sleep(0.5)
    start = time.monotonic()
    code, _ = studio.get("/api/model")
    check("55 slow clients do not block the page", code == 200, f"{time.monotonic() - start:.3f} s")
    code, _ = studio.get("/api/map?seed=77&size=64")
    check("nor a map", code == 200, f"{time.monotonic() - start:.2f} s")
    for connection in halves + readers:
        connection.close()
    # More connections than the program may have files.
    many = []
    try:
        for _ in range(600):
            many.append(studio.connect(2))
    except OSError as error:
        print(f"     {len(many)} idle connections: {error}")
    time.sleep(1)
    for connection in many:
        connection.close()
    start = time.monotonic()
    code = 0
    while code != 200 and time.monotonic() - start < 10:
        try:
            code, _ = studio.get("/api/model", timeout=2)
        except OSError:
            time.sleep(0.2)
    check(f"it answers after {len(many)} idle connections", code == 200, f"{time.monotonic() - start:.1f} s")


def test_hostile(check: Check, studio: Studio) -> None:
    for query in [
        "size=0",
        "size=99999999999999999999",
        "size=-1",
        "seed=-1",
        "seed=1e999",
        "map=1.5",
        "spread=nan..nan",
        "spread=..",
        "spread=" + "9" * 400 + "..1",
        "style=" + "%00" * 50,
        "style=%F0%9F%92%A5",
        "style=../../etc/passwd",
        "seed=%",
        "seed=%FF",
        "interpolate=1&steps=0",
        "interpolate=1&steps=101",
        "step=1",
        "truncation=0",
        "maxRate=-1",
        "x=1",
        "seed=1&seed=1",
        "&&&=",
        "token=" + "a" * 5000,
        "seed=<script>",
        "quietFraction=2..3",
        "mean=1e308..1e309",
    ]:
        code, body = studio.get(f"/api/map?{query}")
        told = json.loads(body)
        if not (code == 400 and told["error"]):
            check(f"/api/map?{query[:40]} is refused", False, (code, body[:200]))
    for query in [
        "sensor=x",
        "repeats=0",
        "baseline=nan",
        "pixel=0",
        "atmosphere=inf",
        "noise=yes",
        "p995=0",
        "phaseSeed=-1",
    ]:
        code, body = studio.get(f"/api/interferogram?size=32&{query}")
        name = query.split("=")[0]
        if not (code == 400 and json.loads(body).get("parameter") == name):
            check(f"/api/interferogram?{query} is refused", False, (code, body[:200]))
    check("bad parameters get 400 and a reason", studio.process.poll() is None)
    check("a foreign host is refused", studio.get("/api/model", {"Host": "evil.example"})[0] == 421)
    check("a foreign site is refused", studio.get("/api/model", {"Origin": "http://evil.example"})[0] == 403)
    host = f"Host: 127.0.0.1:{studio.port}\r\n".encode()
    for data in [
        b"\x00\xff\xfe" * 1000,
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /%ZZ?%ZZ HTTP/1.1\r\n" + host + b"\r\n",
        b"GET //[::1 HTTP/1.1\r\n" + host + b"\r\n",
        b"GET http://x/ HTTP/1.1\r\n" + host + b"\r\n",
        b"POST /api/map HTTP/1.1\r\n" + host + b"Content-Length: -5\r\n\r\nabc",
        b"POST /api/map HTTP/1.1\r\n" + host + b"Content-Length: 99999999999999999999\r\n\r\nabc",
        b"POST /api/map HTTP/1.1\r\n" + host + b"Content-Length: 9000000000000000000\r\n\r\nabc",
        b"POST /api/map HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nabc",
        b"POST /api/map HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n",
        b"POST /api/map HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\n7FFFFFFFFFFFFFFF\r\nabc\r\n",
        b"GET /" + b"a" * 2_000_000 + b" HTTP/1.1\r\n" + host + b"\r\n",
        b"GET / HTTP/1.1\r\n" + host + b"A: b\r\n" * 50_000 + b"\r\n",
        b"GET / HTTP/9.9\r\n" + host + b"Connection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"GET /api/map HTTP/1.1\r\n" + host + b"Range: bytes=0-1\r\n\r\n",
        b"\r\n" * 1000,
    ]:
        studio.send(data)
        if studio.process.poll() is not None:
            check(f"it survives {data[:60]!r}", False, studio.process.returncode)
            return
    code, _ = studio.get("/api/map?seed=3&size=64")
    check("it survives what is no HTTP", code == 200, f"memory {studio.memory:.0f} MiB")


def test_token(check: Check, ganinsar: str) -> None:
    studio = Studio(ganinsar, "--listen", "127.0.0.1")
    token = re.search(r"token=([0-9a-f]{32})", studio.url).group(1)
    check("another address has a token", len(token) == 32)
    check("without it nothing is told", studio.get("/api/model")[0] == 401)
    check("nor with a wrong one", studio.get("/api/map", {"X-Ganinsar-Token": "0" * 32})[0] == 401)
    check("with it all is", studio.get("/api/model", {"X-Ganinsar-Token": token})[0] == 200)
    studio.stop()


def real_maps(folder: str) -> str:
    rows, columns = numpy.mgrid[0:160, 0:200]
    maps = [
        8 * numpy.exp(-((rows - 40 - 20 * i) ** 2 + (columns - 90) ** 2) / 900) - 2 * numpy.sin(columns / 30 + i)
        for i in range(4)
    ]
    maps[1][:30, :40] = numpy.nan
    path = f"{folder}/measured.npy"
    numpy.save(path, numpy.array(maps, "<f4"))
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ganinsar", default=".build/release/ganinsar")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--shots", type=Path)
    parser.add_argument("--real", help="maps to compare with, for the pictures")
    arguments = parser.parse_args()
    if arguments.shots:
        arguments.shots.mkdir(parents=True, exist_ok=True)
    check = Check()
    log: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        studio = Studio(arguments.ganinsar, "--real", arguments.real or real_maps(folder))
        print(f"     the program is ready after {time.monotonic() - start:.1f} s, memory {studio.memory:.0f} MiB")
        with sync_playwright() as playwright:
            # Root has no sandbox, as in most containers.
            browser = playwright.chromium.launch(
                executable_path=arguments.chromium, args=["--no-sandbox"] if os.geteuid() == 0 else []
            )
            page = open_page(browser, studio.url, log, viewport={"width": 1400, "height": 1000})
            test_first_map(page, check, studio.url)
            test_mouse(page, check)
            test_between(page, check)
            test_commands(page, check, arguments.ganinsar, studio)
            test_keys(page, check)
            test_favorites(page, check)
            test_looks(browser, check, studio.url, log, arguments.shots)
            browser.close()
        check("no console message, no request elsewhere", not log, log[:5] or "")
        test_hostile(check, studio)
        test_load(check, studio)
        test_slow_clients(check, studio)
        code, seconds = studio.stop()
        check("Ctrl-C ends it", code == 0 and seconds < 10, f"code {code} after {seconds:.1f} s")
        test_token(check, arguments.ganinsar)
    sys.exit(1 if check.failures else 0)


if __name__ == "__main__":
    main()
