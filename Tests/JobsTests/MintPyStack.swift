#if GDAL
  import Foundation
  import InSARPhase
  import RasterIO
  import Rasters
  import TestSupport
  import Testing

  @testable import Jobs
  @testable import StackFiles

  /// A stack as MintPy writes it, noise-free, with what a test changes.
  struct MintPyStack {
    static let (height, width) = (6, 8)
    static let wavelength = 0.0555

    var dates = ["20200101", "20200113", "20200125", "20200206", "20200218", "20200301"]
    var baselines = [0, 120, -60, 80, 10, -160.0]
    /// Pairs of dates, as indices; a later date first makes a reversed interferogram.
    var pairs: [(Int, Int)] = (0..<6).flatMap { i in (i + 1..<min(6, i + 4)).map { (i, $0) } }
    var rate = (0..<48).map { Float($0 % 8) / 2 - 1 }
    var heightError: Float = 0
    /// A constant in rad that each interferogram has of its own.
    var offsets: [Float] = []
    /// Datasets that replace or join those below; a `nil` takes one away.
    var changes: [String: HDF5Layout.Dataset?] = [:]
    var attributes = ["WAVELENGTH": "0.0555", "PLATFORM": "Sen", "FILE_TYPE": "ifgramStack"]
    var unwrappedName = "unwrapPhase"

    var count: Int { pairs.count }
    var radar: RadarGeometry {
      get throws {
        try RadarGeometry(
          wavelengthMeters: Self.wavelength, incidenceDegrees: 39,
          slantRangeMeters: 864_712.805902944, headingDegrees: -12, rangeBandwidthHertz: 1e7)
      }
    }

    func day(_ date: Int) throws -> AcquisitionDate { try AcquisitionDate(withTime: dates[date]) }

    /// The phases of interferogram `index`.
    func phase(_ index: Int) throws -> [Float] {
      let (first, second) = pairs[index]
      let days = try day(first).exactDays(to: day(second))
      let topography =
        try TopographicError(radar).radiansPerSquareMeter
        * (baselines[second] - baselines[first]) * Double(heightError)
      let offset = offsets.isEmpty ? 0 : offsets[index]
      return try DeformationPhase(radar).radians(rateCMPerYear: rate, days: days)
        // A phase of exactly 0 would be no data.
        .map { ($0 == 0 ? 1e-6 : $0) + Float(topography) + offset }
    }

    static func floats(_ name: String, _ shape: [Int], _ values: [Float]) -> HDF5Layout.Dataset {
      .init(name: name, shape: shape, content: .floats(values))
    }

    func cube(_ name: String, _ value: (Int) throws -> [Float]) rethrows -> HDF5Layout.Dataset {
      Self.floats(name, [count, Self.height, Self.width], try pairs.indices.flatMap(value))
    }

    func write(to path: String) throws {
      let coherence = [Float](repeating: 0.7, count: Self.height * Self.width)
      var datasets: [HDF5Layout.Dataset] = [
        try cube(unwrappedName, phase), cube("coherence") { _ in coherence },
        .init(
          name: "date", shape: [count, 2],
          content: .texts(pairs.flatMap { [dates[$0.0], dates[$0.1]] })),
        Self.floats("bperp", [count], pairs.map { Float(baselines[$0.1] - baselines[$0.0]) }),
        .init(
          name: "dropIfgram", shape: [count],
          content: .booleans([Bool](repeating: true, count: count))),
      ]
      for (name, dataset) in changes {
        datasets.removeAll { $0.name == name }
        if let dataset { datasets.append(dataset) }
      }
      _ = try HDF5FileWriter(
        path: path, layout: HDF5Layout(attributes: attributes, datasets: datasets))
    }

    /// Inverts it and gives the rates, what was said, and the folder's other planes by name.
    func inverted(_ change: (inout StackInversion) -> Void = { _ in }, dataset: String? = nil)
      throws
      -> (rate: [Float], report: StackInversion.Report, planes: [String: [Float]])
    {
      let folder = try TemporaryFolder()
      try write(to: folder.file("ifgramStack.h5"))
      return try Self.invert(folder, dataset: dataset, change)
    }

    static func invert(
      _ folder: TemporaryFolder, dataset: String? = nil, _ change: (inout StackInversion) -> Void
    ) throws -> (rate: [Float], report: StackInversion.Report, planes: [String: [Float]]) {
      let source = try StackSource.open(folder.file("ifgramStack.h5"), dataset: dataset)
      var job = StackInversion(stack: source)
      job.formats = [.npy]
      change(&job)
      let output = folder.file("out")
      let report = try job.run(output: output)
      var planes: [String: [Float]] = [:]
      for name in try FileManager.default.contentsOfDirectory(atPath: output)
      where name.hasSuffix(".npy") {
        planes[String(name.dropLast(4))] = try NpyArray.read("\(output)/\(name)").values
      }
      return (planes["rate"] ?? [], report, planes)
    }
  }

  /// The largest difference; infinite where one is NaN.
  func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).map { abs($0 - $1) }.reduce(0) { $1.isNaN ? .infinity : max($0, $1) }
  }

  func expect(_ text: String, _ words: [String], _ place: SourceLocation = #_sourceLocation) {
    for word in words { #expect(text.contains(word), "\(text)", sourceLocation: place) }
  }
#endif
