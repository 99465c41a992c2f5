import Foundation
import RasterIO
import TestSupport

@testable import StackFiles

/// A sample whose values tell which one it is: two rasters of different shapes.
func sample(_ index: Int) throws -> SampleRecord {
  let rate = (0..<12).map { Float(index * 100 + $0) }
  let dates = (0..<3).map { Float(index) + Float($0) / 8 }
  return try SampleRecord(
    arrays: [
      SampleArray(
        name: "rate", unit: "cm/yr", meaning: "line-of-sight rate, positive toward the satellite",
        array: NpyArray(
          shape: [3, 4], values: index == 1 ? rate.map { $0 == 100 ? .nan : $0 } : rate)),
      SampleArray(
        name: "years", unit: "yr", meaning: "time since the first date",
        array: NpyArray(shape: [3], values: dates)),
    ], metadata: ["index": "\(index)", "place": "Überall"])
}
