import importlib.util
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[1] / "settings_page.py"
spec = importlib.util.spec_from_file_location("settings_page", SCRIPT)
settings_page = importlib.util.module_from_spec(spec)
spec.loader.exec_module(settings_page)

TEMPLATE = """# Settings.
# Keep what you change.

# Name of the run.
name: gan

# How it trains
# and when.
data:
  # a | b.
  filter:
    # First epoch.
    from: 0
  # Betas.
  betas: [0.5, 0.9]
  # Scales.
  mix:
    - factor: 1
      weight: 0.5
    - factor: 2
      weight: 0.25
"""


class SettingsPageTests(unittest.TestCase):
    def test_keys_have_paths_defaults_and_meanings(self):
        self.assertEqual(
            settings_page.rows(TEMPLATE),
            [
                ("name", "gan", "Name of the run."),
                ("data", None, "How it trains and when."),
                ("data.filter", None, "a | b."),
                ("data.filter.from", "0", "First epoch."),
                ("data.betas", "[0.5, 0.9]", "Betas."),
                ("data.mix", None, "Scales."),
                ("data.mix[0].factor", "1", ""),
                ("data.mix[0].weight", "0.5", ""),
                ("data.mix[1].factor", "2", ""),
                ("data.mix[1].weight", "0.25", ""),
            ],
        )

    def test_the_page_is_that_of_the_templates(self):
        self.assertEqual(
            settings_page.PAGE.read_text(encoding="utf-8"), settings_page.page(), "run scripts/settings_page.py"
        )
