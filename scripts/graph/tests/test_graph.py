"""The checks of the import graph, on small made-up packages."""

import tempfile
import unittest
from pathlib import Path
from typing import Any

from graph.checks import all_faults, layers
from graph.package import Package, swift_imports
from graph.printing import heights, lines

PAGE = """# Layout

| other | table |
|---|---|
| `Nothing` | |

| target | what | imports |
|---|---|---|
| `top-tool` **T** | the command | `Middle` |
| `Middle` **T** | | |
| `Beside` | | |
| `Bottom` | | |
| `CTorch` **T** | | |
"""


class Graphs(unittest.TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = Path(place.name)
        self.targets: list[dict[str, Any]] = []

    def target(
        self,
        name: str,
        needs: list[str],
        source: str | None = None,
        kind: str = "regular",
        path: str | None = None,
    ) -> None:
        """A target that imports what it declares, unless `source` says otherwise."""
        folder = self.folder / (path or f"{'Tests' if kind == 'test' else 'Sources'}/{name}")
        folder.mkdir(parents=True)
        text = "\n".join(f"import {need}" for need in needs) if source is None else source
        (folder / "File.swift").write_text(text)
        needed = [{"byName": [need, None]} for need in needs]
        self.targets.append({"name": name, "type": kind, "path": path, "dependencies": needed})

    def package(self) -> Package:
        products = [{"name": "tool", "targets": [self.targets[0]["name"]]}]
        return Package.read(self.folder, {"name": "p", "targets": self.targets, "products": products})

    def faults(self, page: str = PAGE) -> list[str]:
        return all_faults(self.package(), page)

    def sound(self) -> None:
        self.target("top-tool", ["Middle", "ArgumentParser"], kind="executable")
        self.target("Middle", ["Bottom", "CTorch"])
        self.target("Beside", ["Bottom"])
        self.target("Bottom", [])
        self.target("CTorch", [])

    def test_a_sound_package_has_no_faults(self) -> None:
        self.sound()
        self.target("BesideTests", ["Beside", "Support"], "@testable import Beside", "test")
        self.target("Support", [], path="Tests/Support")  # declared by all tests, needed by some
        self.assertEqual(self.faults(), [])

    def test_layers_are_the_rows_in_order(self) -> None:
        self.assertEqual(list(layers(PAGE)), ["top-tool", "Middle", "Beside", "Bottom", "CTorch"])
        self.assertEqual(layers(PAGE)["Middle"], [True])
        self.assertEqual(layers("| target |\n|---|\n| `A`, `B` |"), {"A": [False], "B": [False]})
        self.assertEqual(layers("# No table"), {})

    def test_an_upward_import_is_named(self) -> None:
        self.target("top-tool", ["CTorch"])
        self.target("Middle", ["CTorch"])
        self.target("Beside", [])
        self.target("Bottom", ["Beside"])
        self.target("CTorch", [])
        (fault,) = self.faults()
        self.assertRegex(fault, "Bottom imports Beside, which is above it")

    def test_a_circle_is_named_by_its_path(self) -> None:
        self.target("top-tool", ["Middle"])
        self.target("Middle", ["Beside"])
        self.target("Beside", ["Bottom"])
        self.target("Bottom", ["Middle"])
        self.target("CTorch", [])
        faults = self.faults(PAGE.replace(" **T**", "").replace("`CTorch`", "`CTorch` **T**"))
        self.assertRegex(faults[0], "circle: Middle -> Beside -> Bottom -> Middle")
        self.assertRegex(faults[1], "Bottom imports Middle, which is above it")
        self.assertEqual(len(lines(self.package())), 8)  # it is printed all the same

    def test_a_mark_that_is_wrong_is_named_with_the_way_to_libtorch(self) -> None:
        self.sound()
        page = PAGE.replace("`Middle` **T**", "`Middle`").replace("`Bottom`", "`Bottom` **T**")
        faults = self.faults(page)
        self.assertEqual(len(faults), 2, faults)
        self.assertRegex(faults[0], "Middle needs LibTorch.*: Middle -> CTorch")
        self.assertRegex(faults[1], "Bottom does not need LibTorch")

    def test_an_undeclared_import_is_named_with_its_file(self) -> None:
        self.sound()
        source = self.folder / "Sources/Beside/File.swift"
        source.write_text("import Bottom\npackage import CTorch\nimport ArgumentParser\nimport Foundation")
        faults = self.faults()
        self.assertEqual(len(faults), 2)
        self.assertRegex(faults[0], "Beside imports CTorch in File.swift, but does not declare it")
        self.assertRegex(faults[1], "Beside imports ArgumentParser")

    def test_a_dependency_that_nothing_imports_is_named(self) -> None:
        self.sound()
        (self.folder / "Sources/Middle/File.swift").write_text("import CTorch")
        (fault,) = self.faults()
        self.assertRegex(fault, "Middle declares Bottom, but none of its sources imports it")

    def test_the_headers_of_a_c_target_count_as_imports(self) -> None:
        self.sound()
        for name in ("CTorch", "Bottom"):
            (self.folder / f"Sources/{name}/include").mkdir()
        (self.folder / "Sources/CTorch/include/torch.h").touch()
        (self.folder / "Sources/Bottom/loop.c").write_text('#include <math.h>\n#include "torch.h"')
        (fault,) = self.faults()
        self.assertRegex(fault, "Bottom imports CTorch in loop.c")

    def test_the_table_and_the_package_must_have_the_same_targets(self) -> None:
        self.sound()
        self.target("New", [])
        faults = self.faults(PAGE + "| `Gone` | | |\n| `Bottom` | | |\n")
        self.assertEqual(len(faults), 3, faults)
        self.assertRegex(faults[0], "Bottom has two rows")
        self.assertRegex(faults[1], "Gone is in the table")
        self.assertRegex(faults[2], "New is not in the table")
        (fault,) = self.faults("no table")
        self.assertRegex(fault, "no table")

    def test_text_and_comments_are_not_imports(self) -> None:
        source = '''
            // import A
            /* import B
            import C */ import D
            let text = """
            import E
            """
            let url = "http://x"; import F
            @_spi(Testing) @testable import struct G.Thing
            #if canImport(H)
              private import H
            #endif
            let important = 1
            '''
        self.assertEqual(swift_imports(source), ["D", "G", "H"])

    def test_torch_is_marked_where_it_is_reached(self) -> None:
        self.sound()
        package = self.package()
        marked = {name for name in package.targets if package.needs_torch(name)}
        self.assertEqual(marked, {"top-tool", "Middle", "CTorch"})
        self.assertEqual(heights(package)["top-tool"], 2)
        text = "\n".join(lines(package))
        self.assertRegex(text, r"(?m)^ 2 top-tool T  Middle, \(ArgumentParser\)$")
        self.assertRegex(text, r"(?m)^ 1 Beside      Bottom$")
        self.assertIn("product tool: top-tool; needs LibTorch", text)
