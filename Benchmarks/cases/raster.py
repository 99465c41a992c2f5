"""Conversion of a rate map in another program's format for training."""

from harness.case import Case, Point
from harness.measure import Failed, Program
from harness.results import OURS

MODULES = {"tif": "rasterio", "h5": "h5py"}


class RasterImport(Case):
    name = "raster"
    title = "Importing a raster"
    needs = ("rasterio", "h5py")
    unit = "pixels"
    work = (
        "A GeoTIFF in mm/yr, or MintPy's velocity.h5 in m/yr, converted to .npy in cm/yr with NaN "
        "where there is no data; whole commands. The peer is five lines of Python with rasterio or "
        "h5py. Ours is `ganinsar prepare`, which also counts the windows that pass the loader's rules "
        "and writes the dataset's manifest."
    )

    def points(self):
        return [
            Point(f"{kind}, {s} px", s * s, {"size": s, "kind": kind}, kind) for kind in MODULES for s in (500, 1500)
        ]

    def file(self, bench, point):
        folder = bench.folder("rasters")
        path = folder / f"{point.size['size']}.{point.size['kind']}"
        if not path.exists():
            bench.call(bench.script("make_raster.py", folder, point.size["size"]))
        return path

    def prepare(self, bench, point):
        self.file(bench, point)

    def ours(self, bench, point):
        output = bench.work / "imported"
        command = bench.command("prepare", self.file(bench, point), "-o", output)
        return Program(OURS, [command], outputs=[output])

    def peers(self, bench, point):
        module = MODULES[point.size["kind"]]
        output = bench.folder("imported-peer") / f"{point.size['size']}.npy"
        command = bench.script("read_raster.py", self.file(bench, point), output)
        return [Program(module, [command], outputs=[output])]

    def check(self, bench, point, reports):
        ours = next((bench.work / "imported").rglob("*.npy"))
        theirs = bench.folder("imported-peer") / f"{point.size['size']}.npy"
        code = (
            "import json, numpy, sys; a, b = map(numpy.load, sys.argv[1:]); "
            "same = numpy.array_equal(numpy.isnan(a), numpy.isnan(b)); "
            "print(json.dumps({'same': same, 'difference': float(numpy.nanmax(abs(a - b)))}))"
        )
        found = bench.call([bench.python, "-c", code, str(ours), str(theirs)])
        if not found["same"] or found["difference"] > 1e-5:
            raise Failed(f"the values differ: {found}")
        return f"the same pixels have data, and rates agree to {found['difference']:.0e} cm/yr"

    def floor(self, bench, point):
        if not bench.machine.get("write_gb_per_second"):
            return None
        m, gigabytes = bench.machine, point.amount * 4 / 1e9
        return gigabytes * (1 / m["copy_gb_per_second"] + 1 / m["write_gb_per_second"]), (
            f"{1e3 * gigabytes:.0f} MB read at {m['copy_gb_per_second']} GB/s and written at "
            f"{m['write_gb_per_second']} GB/s"
        )
