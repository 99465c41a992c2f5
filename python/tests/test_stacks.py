"""Stacks of interferograms in xarray."""

import ganinsar
import numpy as np
from support import FolderTestCase, needs


@needs("xarray", "h5py")
class StackTests(FolderTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        ganinsar.run(
            "simulate", "sun", "-o", cls.folder / "maps", "--count", "1", "--size", "64", "--format", "tif", "--quiet"
        )
        ganinsar.run(
            "compose",
            cls.folder / "maps/sun_000000.tif",
            "-o",
            cls.folder / "stack",
            "--seed",
            "1",
            "--quiet",
            "--set",
            "network.count=5",
            "--set",
            "network.maximumConnections=2",
            "--format",
            "mintpy,geotiff",
        )

    def test_a_stack_folder_has_dates_layers_and_truth(self) -> None:
        stack = ganinsar.read_stack(self.folder / "stack")
        self.assertEqual(dict(stack.sizes), {"pair": 7, "y": 64, "x": 64})
        first = stack.isel(pair=0)
        self.assertEqual(str(first.pair.values), "20200101_20200113")
        self.assertEqual(first.secondary_date.values - first.reference_date.values, np.timedelta64(12, "D"))
        self.assertEqual(int(first.days), 12)
        np.testing.assert_array_equal(
            stack.wrapped.sel(pair="20200101_20200113"), np.load(self.folder / "stack/20200101_20200113/wrapped.npy")
        )
        self.assertEqual((stack.rate.attrs["units"], stack.rate.dims), ("cm/yr", ("y", "x")))
        self.assertGreater(float(stack.x[1]), float(stack.x[0]))
        self.assertLess(float(stack.y[1]), float(stack.y[0]))
        self.assertIn("PROJCS", stack.attrs["crs"])
        # The phase of motion alone: -4 pi / wavelength times the rate times the time.
        expected = -4 * np.pi / stack.attrs["wavelength_meters"] * stack.rate / 100 * 12 / 365.25
        np.testing.assert_allclose(first.deformation, expected, rtol=1e-4, atol=1e-4)

    def test_layers_can_be_chosen(self) -> None:
        stack = ganinsar.read_stack(self.folder / "stack", ["coherence"])
        self.assertNotIn("wrapped", stack)
        with self.assertRaisesRegex(KeyError, "no layer 'phase'"):
            ganinsar.read_stack(self.folder / "stack", ["phase"])

    def test_mintpys_file_holds_the_same_stack(self) -> None:
        ours = ganinsar.read_stack(self.folder / "stack")
        theirs = ganinsar.read_stack(self.folder / "stack/mintpy/inputs/ifgramStack.h5")
        self.assertEqual(theirs.pair.values.tolist(), ours.pair.values.tolist())
        np.testing.assert_allclose(theirs.unwrapped, ours.unwrapped, atol=1e-5)
        np.testing.assert_allclose(theirs.perpendicular_baseline, ours.perpendicular_baseline, atol=1e-3)
        np.testing.assert_allclose(theirs.x, ours.x)

    def test_the_program_knows_coordinate_systems(self) -> None:
        # From PROJ's tables, which a wheel has to carry.
        for path in (
            self.folder / "maps/sun_000000.tif",
            self.folder / "stack/geotiff/20200101_20200113/unwrapped.tif",
        ):
            self.assertRegex(ganinsar.run("info", path), r"CRS +WGS 84 / UTM zone \d+[NS] \(EPSG:32\d+\)")

    def test_another_folder_is_an_error(self) -> None:
        with self.assertRaisesRegex(FileNotFoundError, "no manifest.json"):
            ganinsar.read_stack(self.folder)
        with self.assertRaisesRegex(ValueError, "lists no pairs"):
            ganinsar.read_stack(self.folder / "maps")
