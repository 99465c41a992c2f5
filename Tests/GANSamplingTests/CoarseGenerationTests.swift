import Foundation
import RasterIO
import Rasters
import TestSupport
import Testing

@testable import GANSampling

/// Detail on a raster of the user, by a model with random weights.
@Suite struct CoarseGenerationTests {
  private let folder: TemporaryFolder
  private let model: String

  init() throws {
    folder = try TemporaryFolder()
    model = try writeFieldModel(in: folder, detail: true)
  }

  /// A bowl of 12 x 9 pixels in cm/yr, with a manifest-free unit: GeoTIFF states it.
  private func writeBowl(hole: Bool = false) throws -> (path: String, values: [Float]) {
    var values = (0..<108).map { (index: Int) -> Float in
      let (row, column) = (Float(index / 12) - 4, Float(index % 12) - 5)
      return -20 / (1 + (row * row + column * column) / 6)
    }
    if hole { values[14] = .nan }
    let path = folder.file("bowl.tif")
    try RasterWriter.write(
      Raster(
        width: 12, height: 9, values: values, unit: .centimetersPerYear,
        georeference: Georeference(geotransform: [500, 80, 0, 900, 0, -80], crsWKT: "")),
      to: path, format: .tif, options: RasterWriteOptions(losConvention: .towardSatellite))
    return (path, values)
  }

  private func job(_ coarse: CoarseMap) -> SampleGeneration {
    var job = SampleGeneration(
      model: model, output: folder.file("out"), count: 2, seed: 4, formats: [.npy, .tif])
    job.coarse = coarse
    job.device = .cpu
    return job
  }

  private func map(_ index: Int) throws -> [Float] {
    try NpyArray.read(folder.file("out/sample-0000000\(index).npy")).values
  }

  #if GDAL
    @Test(arguments: [4, 16]) func blockMeansAreTheRaster(factor: Int) throws {
      let (path, coarse) = try writeBowl()
      try job(CoarseMap(path: path, factor: factor)).run { _ in }
      let width = 12 * factor
      for index in 0..<2 {
        let map = try map(index)
        #expect(map.count == coarse.count * factor * factor)
        for (cell, expected) in coarse.enumerated() {
          var sum = 0.0
          for row in 0..<factor {
            for column in 0..<factor {
              let place = (cell / 12 * factor + row) * width + cell % 12 * factor + column
              sum += Double(map[place])
            }
          }
          #expect(abs(Float(sum / Double(factor * factor)) - expected) < 1e-4)
        }
      }
      #expect(try map(0) != map(1))
      let written = try RasterReader.read(folder.file("out/sample-00000000.tif")).raster
      #expect(written.georeference?.geotransform[1] == 80 / Double(factor))
      #expect(written.georeference?.geotransform[0] == 500)
    }

    @Test func holesStayHoles() throws {
      let path = try writeBowl(hole: true).path
      try job(CoarseMap(path: path)).run { _ in }
      let map = try map(0)
      #expect(map.filter(\.isNaN).count == 16)
      #expect(map[4 * 48 + 8].isNaN && !map[4 * 48 + 12].isNaN)
    }

    @Test func anotherRasterOfTheSameNameIsAnotherJob() throws {
      let path = try writeBowl().path
      try job(CoarseMap(path: path)).run { _ in }
      try job(CoarseMap(path: path)).run { _ in }
      _ = try writeBowl(hole: true)
      #expect(message { try job(CoarseMap(path: path)).run { _ in } }.contains("another job"))
    }
  #endif

  @Test func faultsAreNamedAtOnce() throws {
    var task = job(CoarseMap(path: "none.tif", factor: 5, strength: 0))
    task.size = MapSize(width: 8, height: 8)
    task.like = "x.tif"
    let text = message { try task.run { _ in } }
    for part in ["factor of the coarse map is 5", "strength of the detail is 0", "georeference"] {
      #expect(text.contains(part), "\(text)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
  }
}
