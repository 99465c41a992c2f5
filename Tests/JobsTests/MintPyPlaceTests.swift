#if GDAL
  import Foundation
  import RasterIO
  import Rasters
  import TestSupport
  import Testing

  @testable import Jobs
  @testable import StackFiles

  /// Where MintPy's files say that the pixels lie, and how the radar saw them.
  struct MintPyPlaceTests {
    @Test func rowsFromTheSouthAreTurned() throws {
      var stack = MintPyStack()
      stack.attributes.merge([
        "X_FIRST": "12.5", "X_STEP": "0.001", "Y_FIRST": "42.0", "Y_STEP": "0.001", "REF_Y": "1",
        "REF_X": "2",
      ]) { $1 }
      stack.rate = (0..<48).map { Float($0 / 8) + 0.5 * Float($0 % 8) }
      let folder = try TemporaryFolder()
      try stack.write(to: folder.file("ifgramStack.h5"))
      let source = try StackSource.open(folder.file("ifgramStack.h5"))
      for (found, expected) in zip(
        source.georeference?.geotransform ?? [], [12.5, 0.001, 0, 42.006, 0, -0.001])
      { #expect(abs(found - expected) < 1e-9) }
      #expect(source.referencePixel?.row == 4)
      let rate = try MintPyStack.invert(folder) { _ in }.rate
      let expected = (0..<48).map { stack.rate[(5 - $0 / 8) * 8 + $0 % 8] - stack.rate[10] }
      #expect(largestDifference(rate, expected) < 1e-3)
    }

    @Test func aPlaceThatCannotBeIsLeftOut() throws {
      var stack = MintPyStack()
      stack.attributes.merge([
        "X_FIRST": "500000", "X_STEP": "90", "Y_FIRST": "4000000", "Y_STEP": "-90",
        "X_UNIT": "degrees",
      ]) { $1 }
      let folder = try TemporaryFolder()
      try stack.write(to: folder.file("ifgramStack.h5"))
      let source = try StackSource.open(folder.file("ifgramStack.h5"))
      #expect(source.georeference == nil && source.geometry.pixelSizeMeters == 30)
      let notes = try MintPyStack.invert(folder) { _ in }.report.notes.joined()
      expect(notes, ["90 x 90 degrees cannot be"])
    }

    @Test func anUnreadableGeometryIsNotANominalOne() throws {
      let folder = try TemporaryFolder()
      var stack = MintPyStack()
      stack.heightError = 10
      try stack.write(to: folder.file("ifgramStack.h5"))
      let nominal = try MintPyStack.invert(folder) { _ in }
      #expect(nominal.planes["height_error"]?.allSatisfy { abs($0 - 10) < 0.01 } == true)
      expect(nominal.report.notes.joined(), ["geometryRadar.h5", "39", "sentinel-1"])
      let geometry = folder.file("geometryRadar.h5")
      try FileManager.default.createSymbolicLink(
        atPath: geometry, withDestinationPath: folder.file("nowhere"))
      #expect {
        _ = try StackSource.open(folder.file("ifgramStack.h5"))
      } throws: { "\($0)".contains("geometryRadar.h5") }
      try FileManager.default.removeItem(atPath: geometry)
      let files: [(HDF5Layout.Dataset?, [String])] = [
        (
          .init(name: "incidenceAngle", shape: [3], content: .floats([1, 2, 3])),
          ["'incidenceAngle'"]
        ),
        (.init(name: "incidenceAngle", shape: [1], content: .texts(["a"])), ["'incidenceAngle'"]),
        (nil, ["damaged"]),
      ]
      for (dataset, words) in files {
        if let dataset {
          _ = try HDF5FileWriter(path: geometry, layout: HDF5Layout(datasets: [dataset]))
        } else {
          try Data(repeating: 7, count: 900).write(to: URL(fileURLWithPath: geometry))
        }
        #expect {
          _ = try StackSource.open(folder.file("ifgramStack.h5"))
        } throws: { error in
          (["geometryRadar.h5"] + words).allSatisfy { "\(error)".contains($0) }
        }
      }
      _ = try HDF5FileWriter(
        path: geometry,
        layout: HDF5Layout(datasets: [
          MintPyStack.floats("incidenceAngle", [2, 3], [43, 0, .nan, 43, -9999, 1e20]),
          MintPyStack.floats("slantRangeDistance", [2, 2], [953_000, 953_000, 0, 0]),
        ]))
      let radar = try StackSource.open(folder.file("ifgramStack.h5")).geometry.radar
      #expect(radar.incidenceDegrees == 43 && radar.slantRangeMeters == 953_000)
      // The geometry beside a link's target is the stack's.
      let links = try TemporaryFolder()
      try FileManager.default.createSymbolicLink(
        atPath: links.file("stack.h5"), withDestinationPath: folder.file("ifgramStack.h5"))
      #expect(try StackSource.open(links.file("stack.h5")).geometry.radar == radar)
    }
  }
#endif
