import RateMapIO

// Any format; the result is in cm/yr, positive toward the satellite. NumPy files state no unit.
let map = try RateMapReader(unitWhereUnstated: .centimetersPerYear).read(CommandLine.arguments[1])
print("\(map.raster.width) x \(map.raster.height) px, \(map.description.format)")
try RasterWriter.write(map.raster, to: CommandLine.arguments[2], format: .npy)
