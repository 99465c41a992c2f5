import Foundation
import Rasters
import TestSupport

@testable import RasterIO

/// Helpers of the tests of this target.
func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
  try Data(bytes).write(to: URL(fileURLWithPath: path))
}
func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

/// Bytes of float32 values.
func floatBytes(_ values: [Float], order: ByteOrder = .little) -> [UInt8] {
  values.flatMap { value in
    let bytes = withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    return order == .little ? bytes : bytes.reversed()
  }
}

/// Equality that takes NaN for NaN.
func sameValues(_ a: [Float], _ b: [Float], tolerance: Float = 0) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { ($0.isNaN && $1.isNaN) || abs($0 - $1) <= tolerance * abs($0) }
}

let sampleGeoreference = Georeference(
  geotransform: [130.5, 0.001, 0, 32.25, 0, -0.002], crsWKT: Georeference.wgs84WKT)
