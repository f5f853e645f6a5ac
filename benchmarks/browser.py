"""How soon does a map show something in a slow browser, and does it stay responsive?

A real Chromium with its processor slowed down opens our map, a page that Folium writes and a
plain Leaflet page in turn, with the same seeded features, view and size, several rounds in one
run; figures are medians, and what counts is their ratio within the run. Every page is watched in
the same way, by what it draws on canvases and in SVG. A frame counts when it is on the screen, as
the browser reports it (``presentationTime`` of a long animation frame; of frames under 50 ms, which
are not reported, the task that follows them):

- first: the first frame after something of the data was drawn, from the start of the navigation;
- drawn: the frame after the last drawing, once nothing has been drawn or loaded for a while;
- ready: when the map answers the reader; ours is painted before Leaflet has come, and says when it
  is ready with all its tools, the others answer once they have drawn;
- zoom: from the order to zoom in by one to the frame after the last drawing that follows;
- panning: the longest task while the mouse drags the map to and fro;
- heap: of JavaScript, after a collection of garbage; bytes: as sent.

The atlas itself is opened as well, at full speed and slowed down. Its map counts as useful with
the first frame after a drawing: the ground and every layer that it shows at first are there, as
tests/browser/test_first_picture.py shows; names and buttons follow.

``python benchmarks/browser.py --write`` needs a Chromium (LIMITROPHE_TEST_BROWSER).
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import browser_pages as pages  # noqa: E402
from benchmarks import peers, results  # noqa: E402
from benchmarks.service_data import LINES, POLYGONS, Dataset, write_folder  # noqa: E402

CHROMIUM = os.environ.get("LIMITROPHE_TEST_BROWSER", "/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZE = {"width": 1366, "height": 768}
STREET = (48.85, 2.35, 15.0)
WHOLE = (48.85, 2.35, 11.0)
VIEWS = {"street": STREET, "whole": WHOLE}
OURS, FOLIUM, LEAFLET = "ours", "folium", "leaflet"
QUIET_S, LIMIT_S = 2.0, 180.0
WATCH = """
(() => {
  // Frames after drawings: [beginning, the task after]. Long ones: [beginning, on the screen].
  const seen = (window.watched = { count: 0, frames: [], long: [], tasks: [] });
  // A frame is only asked for when something has been drawn: watching must not make work itself.
  let awaited = false;
  const after = new MessageChannel();
  after.port1.onmessage = () => {
    for (const frame of seen.frames) frame[1] ??= performance.now();
  };
  const note = () => {
    awaited = false;
    seen.frames.push([performance.now()]);
    after.port2.postMessage(null);
  };
  const drawn = () => {
    seen.count += 1;
    if (!awaited) requestAnimationFrame(note);
    awaited = true;
  };
  const watch = (owner, name) => {
    const draw = owner[name];
    owner[name] = function (...given) { drawn(); return draw.apply(this, given); };
  };
  const canvas = CanvasRenderingContext2D.prototype;
  for (const name of ["stroke", "fill", "fillRect", "putImageData"]) watch(canvas, name);
  const set = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (name === "d" && this.classList.contains("leaflet-interactive")) drawn();
    return set.call(this, name, value);
  };
  const long = (list) => seen.tasks.push(...list.getEntries().map((task) => task.duration));
  new PerformanceObserver(long).observe({ type: "longtask" });
  const shown = (list) => {
    const rendered = list.getEntries().filter((frame) => frame.renderStart);
    seen.long.push(...rendered.map((frame) => [frame.renderStart, frame.presentationTime]));
  };
  new PerformanceObserver(shown).observe({ type: "long-animation-frame" });
})();
"""
MAP = (
    "(window.map_carte ?? window.map ?? Object.values(window).find((one) => one instanceof L.Map))"
)


@dataclass
class Visit:
    """What one visit of a page found: milliseconds, megabytes of heap, kilobytes as sent."""

    first: float = 0.0
    drawn: float = 0.0
    ready: float = 0.0
    zoom: float = 0.0
    longest: float = 0.0
    heap: float = 0.0
    bytes: float = 0.0


@dataclass
class Watched:
    """A page whose processor is slowed down and whose traffic is counted."""

    page: Page
    session: CDPSession
    received: float = 0.0
    waiting: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, page: Page, slowdown: float) -> Watched:
        """Watch a page that has not been anywhere yet."""
        watched = cls(page, page.context.new_cdp_session(page))
        session = watched.session
        session.on("Network.requestWillBeSent", watched._asked)
        session.on("Network.loadingFinished", watched._came)
        session.on("Network.loadingFailed", watched._failed)
        for method in ("Network.enable", "Performance.enable", "HeapProfiler.enable"):
            session.send(method)
        session.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
        page.add_init_script(WATCH)
        return watched

    def _asked(self, event: dict[str, Any]) -> None:
        self.waiting.add(event["requestId"])

    def _came(self, event: dict[str, Any]) -> None:
        self.waiting.discard(event["requestId"])
        self.received += event["encodedDataLength"]

    def _failed(self, event: dict[str, Any]) -> None:
        self.waiting.discard(event["requestId"])

    def settle(self) -> dict[str, Any]:
        """Wait until nothing has been drawn or loaded for a while; return what was watched."""
        end, quiet, known = time.monotonic() + LIMIT_S, time.monotonic(), -1
        while time.monotonic() - quiet < QUIET_S or known <= 0:
            if time.monotonic() > end:
                raise TimeoutError(f"{self.page.url} goes on drawing")
            self.page.wait_for_timeout(100)
            count = self.page.evaluate("window.watched.count")
            if count != known or self.waiting:
                known, quiet = count, time.monotonic()
        watched: dict[str, Any] = self.page.evaluate("window.watched")
        return watched

    def heap_mb(self) -> float:
        """JavaScript's heap after a collection of garbage."""
        self.session.send("HeapProfiler.collectGarbage")
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        return next(m["value"] for m in metrics if m["name"] == "JSHeapUsedSize") / 1e6


def shown(seen: dict[str, Any], index: int) -> float:
    """When one of the frames that follow a drawing was on the screen."""
    began, after = seen["frames"][index]
    # The clock of a page is rounded.
    frames = [(start, on) for start, on in seen["long"] if start - 1 <= began <= on]
    _start, on = max(frames, default=(began, after))
    return on


def visit(browser: Browser, address: str, slowdown: float) -> Visit:
    """Open a page in a fresh context and take its figures."""
    context = browser.new_context(viewport=SIZE, locale="fr-FR", reduced_motion="reduce")  # type: ignore[arg-type]
    context.set_default_timeout(LIMIT_S * 1e3)
    page = context.new_page()
    watched = Watched.of(page, slowdown)
    page.goto(address, wait_until="commit")
    seen = watched.settle()
    found = Visit(first=shown(seen, 0), drawn=shown(seen, -1))
    found.bytes = watched.received / 1e3
    said = "performance.getEntriesByName('ready')[0]?.startTime ?? 0"
    found.ready = page.evaluate(said) or found.drawn
    found.heap = watched.heap_mb()
    found.longest = longest_while_panning(watched)
    start = page.evaluate(
        f"(() => {{ const start = performance.now();"
        f" {MAP}.setZoom({MAP}.getZoom() + 1, {{ animate: false }}); return start; }})()"
    )
    found.zoom = shown(watched.settle(), -1) - start
    context.close()
    return found


def longest_while_panning(watched: Watched) -> float:
    """Drag the map to and fro with the mouse; return the longest task, 0 for none above 50 ms."""
    page = watched.page
    page.evaluate("window.watched.tasks.length = 0")
    x, y = SIZE["width"] * 0.6, SIZE["height"] * 0.5
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(30):
        page.mouse.move(x + 10 * step, y + 4 * step)
    page.mouse.up()
    watched.settle()
    tasks: list[float] = page.evaluate("window.watched.tasks")
    return max(tasks, default=0.0)


@dataclass(frozen=True, slots=True)
class Scene:
    """A dataset in a view, and what is asked of it: (figure, at least so many times Folium's)."""

    dataset: Dataset
    view: str
    title: str
    targets: tuple[tuple[str, float], ...] = ()


SCENES = (
    Scene(LINES, "street", "50,000 lines, a street in view", (("drawn", 8), ("zoom", 4))),
    Scene(LINES, "whole", "50,000 lines, all of them in view", (("drawn", 4), ("zoom", 4))),
    Scene(POLYGONS, "whole", "2,000 polygons, all of them in view"),
)
CEILINGS = {"longest": 100.0, "heap": 60.0}
"""What no scene of the lines may exceed."""
FIGURES = {
    "first": "first useful map, ms",
    "drawn": "all drawn, ms",
    "ready": "answers the reader, ms",
    "zoom": "redrawn after a zoom, ms",
    "longest": "longest task while panning, ms",
    "heap": "heap, MB",
    "bytes": "received, kB",
}
Found = dict[tuple[str, str], list[Visit]]
Own = dict[float, list[Visit]]
"""The visits of the atlas itself, by how much the processor is slowed down."""


def addresses(scene: Scene, ours: str, files: str) -> dict[str, str]:
    """The address of each page of a scene."""
    name = f"{scene.dataset.id}-{scene.view}.html"
    return {
        OURS: ours + pages.ours_path(scene.dataset, VIEWS[scene.view]),
        FOLIUM: f"{files}/folium-{name}",
        LEAFLET: f"{files}/leaflet-{name}",
    }


def compare(scratch: Path, rounds: int, slowdown: float) -> tuple[Found, Own]:
    """Visit every page of every scene, and our atlas; return the figures of each round."""
    folder = write_folder(scratch / "data", (POLYGONS, LINES))
    files = scratch / "files"
    files.mkdir()
    for dataset in (POLYGONS, LINES):
        pages.write_peers(files, dataset, VIEWS)
    found: Found = {}
    own: Own = {1.0: [], slowdown: []}
    with ExitStack() as stack:
        served = {}
        for name, content in ((OURS, folder), ("atlas", ROOT / "data")):
            (scratch / name).mkdir()
            served[name], _pid = stack.enter_context(peers.ours(content, scratch / name, 1))
        static = stack.enter_context(pages.serving_files(files))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        stack.callback(browser.close)
        asked = [addresses(scene, served[OURS], static)[OURS] for scene in SCENES]
        # As services asked before: they keep what they made.
        for address in (served["atlas"], *asked):
            visit(browser, address, 1.0)
        for round_ in range(rounds):
            for slowed, visits in own.items():
                visits.append(visit(browser, served["atlas"], slowed))
            for scene in SCENES:
                for name, address in addresses(scene, served[OURS], static).items():
                    taken = visit(browser, address, slowdown)
                    found.setdefault((scene.title, name), []).append(taken)
                    print(f"round {round_ + 1}, {scene.title}, {name}: {taken}", flush=True)
    return found, own


def median(visits: Sequence[Visit], figure: str) -> float:
    """The median of a figure over the rounds."""
    return statistics.median(getattr(one, figure) for one in visits)


def scene_table(scene: Scene, found: Found) -> str:
    """The figures of a scene, and how many times ours go into Folium's."""
    lines = []
    for figure, title in FIGURES.items():
        ours, folium, leaflet = (
            median(found[scene.title, name], figure) for name in (OURS, FOLIUM, LEAFLET)
        )
        ratio = f"{folium / ours:.1f}" if ours else "–"
        lines.append([title, *(f"{value:,.0f}" for value in (ours, folium, leaflet)), ratio])
    headers = (scene.title, "ours", "Folium", "Leaflet, canvas", "Folium / ours")
    return results.table(headers, lines)


def verdicts(found: Found) -> Iterator[str]:
    """Whether each target is met."""
    for scene in SCENES:
        ours, folium = (found[scene.title, name] for name in (OURS, FOLIUM))
        for figure, times in scene.targets:
            ratio = median(folium, figure) / median(ours, figure)
            yield _verdict(
                f"{scene.title}: {FIGURES[figure]}, at least {times:g} times sooner than Folium",
                f"{ratio:.1f}",
                met=ratio >= times,
            )
        for figure, most in CEILINGS.items() if scene.targets else ():
            value = median(ours, figure)
            yield _verdict(
                f"{scene.title}: {FIGURES[figure]}, at most {most:g}",
                f"{value:.0f}",
                met=value <= most,
            )


def own_verdicts(own: Own) -> Iterator[str]:
    """Whether the atlas itself meets its targets."""
    for slowdown, visits in own.items():
        value = median(visits, "first")
        title = f"the atlas: first useful map, ms, less than 1000, {speed(slowdown)}"
        yield _verdict(title, f"{value:.0f}", met=value < 1000)
    value = median(own[1.0], "bytes")
    yield _verdict("the atlas: received, kB, less than 350", f"{value:.0f}", met=value < 350)


def own_table(own: Own) -> str:
    """The figures of the atlas itself."""
    lines = [
        [title, *(f"{median(visits, figure):,.0f}" for visits in own.values())]
        for figure, title in {
            **FIGURES,
            "first": "useful, ms",
            "drawn": "drawn by Leaflet, ms",
        }.items()
    ]
    return results.table(("the atlas as it opens", *map(speed, own)), lines)


def speed(slowdown: float) -> str:
    """How fast the processor is, in words."""
    return f"slowed down {slowdown:g} times" if slowdown > 1 else "at full speed"


def _verdict(target: str, value: str, *, met: bool) -> str:
    return f"- {target}: {value}: **{'met' if met else 'not met'}**"


def report(found: Found, own: Own, rounds: int, slowdown: float) -> str:
    """The section of RESULTS.md."""
    tables = "\n\n".join(scene_table(scene, found) for scene in SCENES)
    return (
        "## Maps in a slow browser\n\n"
        f"{results.machine('folium', 'playwright')} Chromium at {SIZE['width']} × "
        f"{SIZE['height']}, processor slowed down {slowdown:g} times, {rounds} rounds in turn, "
        "medians. Every feature has six French texts. At the end the load of the machine was "
        f"{os.getloadavg()[0]:.0f}; beside other work all times are longer and ratios unsteady: "
        "what counts is a run on a quiet one.\n\n"
        f"{tables}\n\n"
        f"{own_table(own)}\n\nThe atlas is useful when the ground and every layer that it shows at "
        "first are seen; Leaflet draws them again and puts names on them.\n\nTargets:\n\n"
        + "\n".join([*verdicts(found), *own_verdicts(own)])
    )


def main() -> None:
    """Measure and print; with ``--write`` into RESULTS.md too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="visits of every page")
    parser.add_argument("--slowdown", type=float, default=4.0, help="of the processor")
    parser.add_argument("--write", action="store_true", help="write to RESULTS.md")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        found, own = compare(Path(scratch), arguments.rounds, arguments.slowdown)
    body = report(found, own, arguments.rounds, arguments.slowdown)
    print(body)
    if arguments.write:
        results.write("browser", body)


if __name__ == "__main__":
    main()
